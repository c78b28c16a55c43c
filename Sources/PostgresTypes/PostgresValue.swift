public import Diagnostics

/// A Swift value with an exact text form in PostgreSQL.
///
/// The text form is what the type's input function reads and its output function writes.
public protocol PostgresValue: Sendable {
    /// Reads the value from the server's text form.
    ///
    /// - Parameter postgresText: The text form.
    /// - Throws: ``PostgresValueError`` when the text is no value of this type.
    init(postgresText: String) throws(PostgresValueError)
    /// The value as the type's input function reads it.
    var postgresText: String { get }
}

/// A text that is no value of the wanted type, or a field that is not there.
public struct PostgresValueError: ExplainedError, Hashable {
    /// What was wrong, such as `field "rows": "abc" is no Int`.
    public let description: String

    /// An error with its sentence.
    ///
    /// - Parameter description: What was wrong.
    public init(_ description: String) { self.description = description }

    /// The stable name for scripts.
    public var code: String { "postgres.unexpectedValue" }
    /// What was wrong.
    public var summary: String { description }
}

extension String: PostgresValue {
    /// Takes the text as it is.
    public init(postgresText: String) { self = postgresText }
    /// The text itself.
    public var postgresText: String { self }
}

extension Bool: PostgresValue {
    /// Reads `t` or `f`.
    public init(postgresText: String) throws(PostgresValueError) {
        switch postgresText {
        case "t", "true": self = true
        case "f", "false": self = false
        default: throw PostgresValueError("\"\(postgresText)\" is no boolean")
        }
    }
    /// `t` or `f`.
    public var postgresText: String { self ? "t" : "f" }
}

extension PostgresValue where Self: FixedWidthInteger {
    /// Reads a decimal number.
    public init(postgresText: String) throws(PostgresValueError) {
        guard let value = Self(postgresText) else {
            throw PostgresValueError("\"\(postgresText)\" is no \(Self.self)")
        }
        self = value
    }
    /// The decimal number.
    public var postgresText: String { String(self) }
}

extension Int: PostgresValue {}
extension Int16: PostgresValue {}
extension Int32: PostgresValue {}
extension Int64: PostgresValue {}
extension UInt32: PostgresValue {}
extension UInt64: PostgresValue {}

extension Double: PostgresValue {
    /// Reads a number, `NaN` or `Infinity`.
    public init(postgresText: String) throws(PostgresValueError) {
        guard let value = Double(postgresText) else { throw PostgresValueError("\"\(postgresText)\" is no Double") }
        self = value
    }
    /// The shortest text that reads back as the same number.
    public var postgresText: String {
        isInfinite ? (self < 0 ? "-Infinity" : "Infinity") : isNaN ? "NaN" : String(self)
    }
}

extension Float: PostgresValue {
    /// Reads a number, `NaN` or `Infinity`.
    public init(postgresText: String) throws(PostgresValueError) {
        guard let value = Float(postgresText) else { throw PostgresValueError("\"\(postgresText)\" is no Float") }
        self = value
    }
    /// The shortest text that reads back as the same number.
    public var postgresText: String {
        isInfinite ? (self < 0 ? "-Infinity" : "Infinity") : isNaN ? "NaN" : String(self)
    }
}
