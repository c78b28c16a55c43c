public import PostgresTypes
import SQLText

/// One SQL statement with its parameters.
///
/// Interpolated values become `$1`, `$2`, …: they travel beside the text and can never change its meaning.
///
/// ```swift
/// try await session.query("select title from public.user_trips where user_id = \(userID)")
/// ```
public struct Query: Sendable, ExpressibleByStringInterpolation {
    /// The text with `$n` placeholders.
    public let sql: String
    /// The text forms of the parameters; `nil` is NULL.
    public let parameters: [String?]

    /// A statement without parameters, written as a literal.
    ///
    /// - Parameter value: The text.
    public init(stringLiteral value: String) {
        self.init(unsafeSQL: value)
    }

    /// A statement from a literal with interpolated values.
    ///
    /// - Parameter stringInterpolation: What the literal held.
    public init(stringInterpolation: Interpolation) {
        sql = stringInterpolation.sql
        parameters = stringInterpolation.parameters
    }

    /// A statement from text that was put together elsewhere.
    ///
    /// - Parameters:
    ///   - unsafeSQL: The text; nothing in it is quoted.
    ///   - parameters: The values of `$1`, `$2`, ….
    public init(unsafeSQL: String, parameters: [String?] = []) {
        sql = unsafeSQL
        self.parameters = parameters
    }

    /// Collects the pieces of a literal.
    public struct Interpolation: StringInterpolationProtocol, Sendable {
        var sql = ""
        var parameters: [String?] = []

        /// Makes room for a literal.
        ///
        /// - Parameters:
        ///   - literalCapacity: Bytes of literal text.
        ///   - interpolationCount: Number of interpolations.
        public init(literalCapacity: Int, interpolationCount: Int) {
            sql.reserveCapacity(literalCapacity + interpolationCount * 3)
        }

        /// Takes literal text as it is.
        ///
        /// - Parameter literal: The text.
        public mutating func appendLiteral(_ literal: String) { sql += literal }

        /// Binds a value.
        ///
        /// - Parameter value: The value.
        public mutating func appendInterpolation(_ value: some PostgresValue) {
            bind(value.postgresText)
        }

        /// Binds a value or NULL.
        ///
        /// - Parameter value: The value.
        public mutating func appendInterpolation(_ value: (some PostgresValue)?) {
            bind(value?.postgresText)
        }

        /// Puts in a quoted identifier.
        ///
        /// - Parameter identifier: The name as the catalog stores it.
        public mutating func appendInterpolation(identifier: String) {
            sql += SQLQuoting.identifier(identifier)
        }

        /// Puts in a quoted string literal, for statements that take no parameters, such as `SET LOCAL`.
        ///
        /// - Parameter literal: The value.
        public mutating func appendInterpolation(literal: String) {
            sql += SQLQuoting.literal(literal)
        }

        /// Puts in text as it is.
        ///
        /// - Parameter unsafeSQL: The text.
        public mutating func appendInterpolation(unsafeSQL: String) {
            sql += unsafeSQL
        }

        private mutating func bind(_ text: String?) {
            parameters.append(text)
            sql += "$\(parameters.count)"
        }
    }
}
