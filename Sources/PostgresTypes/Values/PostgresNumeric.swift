/// A value of type `numeric`: a decimal number of any length with its scale, `NaN`, or an infinity.
///
/// `1.0` and `1.00` are different values here, as they are different texts; ``isNumericallyEqual(to:)`` compares as the
/// server's `=` does. There is no arithmetic: let the database compute, or convert.
///
/// ```swift
/// let price = PostgresNumeric(1_250, scale: 2)    // 12.50
/// ```
public struct PostgresNumeric: PostgresValue, Hashable, CustomStringConvertible, Sendable {
    /// The text form as the server writes it: no exponent, no superfluous zeros before the number.
    public let postgresText: String

    /// Not a number.
    public static let notANumber = PostgresNumeric(canonical: "NaN")
    /// More than every number.
    public static let infinity = PostgresNumeric(canonical: "Infinity")
    /// Less than every number.
    public static let negativeInfinity = PostgresNumeric(canonical: "-Infinity")

    private init(canonical: String) { postgresText = canonical }

    /// A whole number.
    ///
    /// - Parameter value: The number.
    public init(_ value: some BinaryInteger) { postgresText = String(value) }

    /// A number of so many decimals.
    ///
    /// - Parameters:
    ///   - unscaled: The digits as a whole number.
    ///   - scale: How many of them stand after the point.
    public init(_ unscaled: Int, scale: Int) {
        precondition((0...16_383).contains(scale), "a numeric has at most 16383 decimals")
        let digits = unscaled.magnitude.padded(to: scale + 1)
        let whole = digits.dropLast(scale)
        let text = scale == 0 ? digits : "\(whole).\(digits.suffix(scale))"
        postgresText = unscaled < 0 ? "-" + text : text
    }

    /// The shortest number that reads back as a double.
    ///
    /// - Parameter value: The double; infinities and NaN become their own kind.
    public init(_ value: Double) {
        guard value.isFinite else {
            self = value.isNaN ? .notANumber : value < 0 ? .negativeInfinity : .infinity
            return
        }
        let text = NumericText.canonical(String(value)) ?? "0"
        // Swift writes a point for whole numbers too.
        self.init(canonical: text.hasSuffix(".0") ? String(text.dropLast(2)) : text)
    }

    /// Reads a decimal number, also with an exponent, `NaN` or `Infinity`.
    public init(postgresText: String) throws(PostgresValueError) {
        switch postgresText {
        case "NaN": self = .notANumber
        case "Infinity": self = .infinity
        case "-Infinity": self = .negativeInfinity
        default:
            guard let text = NumericText.canonical(postgresText) else {
                throw PostgresValueError("\"\(postgresText)\" is no numeric")
            }
            self.init(canonical: text)
        }
    }

    /// The text form as the server writes it.
    public var description: String { postgresText }

    /// Neither NaN nor an infinity.
    public var isFinite: Bool { postgresText.utf8.last.map { $0.isDigit } ?? false }
    /// Not a number.
    public var isNaN: Bool { self == .notANumber }
    /// How many decimals there are; 0 for NaN and the infinities.
    public var scale: Int {
        guard isFinite, let point = postgresText.utf8.firstIndex(of: UInt8(ascii: ".")) else { return 0 }
        return postgresText.utf8.distance(from: point, to: postgresText.utf8.endIndex) - 1
    }

    /// Whether the server's `=` would call them equal: `1.0` and `1.00` are, and so are `NaN` and `NaN`.
    ///
    /// - Parameter other: The other number.
    /// - Returns: Whether they have one value.
    public func isNumericallyEqual(to other: PostgresNumeric) -> Bool { order(against: other) == 0 }
}

extension PostgresNumeric: ExpressibleByIntegerLiteral {
    /// A whole number written as a literal.
    ///
    /// - Parameter value: The number.
    public init(integerLiteral value: Int) { self.init(value) }
}

extension PostgresNumeric: Comparable {
    /// Orders as the server does, where NaN is more than everything; of equal numbers the one with fewer decimals first.
    public static func < (lhs: PostgresNumeric, rhs: PostgresNumeric) -> Bool {
        let order = lhs.order(against: rhs)
        return order != 0 ? order < 0 : lhs.scale < rhs.scale
    }

    /// -1, 0 or 1 as the value is less than, equal to or more than another.
    private func order(against other: PostgresNumeric) -> Int {
        let (own, others) = (rank, other.rank)
        guard own == 0, others == 0 else { return (own - others).signum() }
        let (left, right) = (NumericText(postgresText), NumericText(other.postgresText))
        guard left.isNegative == right.isNegative else { return left.isNegative ? -1 : 1 }
        let order = left.magnitudeOrder(against: right)
        return left.isNegative ? -order : order
    }

    /// Where the kind of value stands: numbers at 0.
    private var rank: Int {
        if isFinite { return 0 }
        return isNaN ? 2 : self == .infinity ? 1 : -1
    }
}

extension Double {
    /// The double nearest to a numeric.
    ///
    /// - Parameter numeric: The number; what is too large becomes an infinity.
    public init(_ numeric: PostgresNumeric) {
        self = Double(numeric.postgresText) ?? .nan
    }
}

extension FixedWidthInteger {
    /// The whole number that a numeric is.
    ///
    /// - Parameter numeric: The number; `nil` comes of one with a fraction, and of one that does not fit.
    public init?(exactly numeric: PostgresNumeric) {
        guard numeric.isFinite else { return nil }
        let parts = numeric.postgresText.split(separator: ".")
        guard parts.dropFirst().allSatisfy({ $0.utf8.allSatisfy { $0 == UInt8(ascii: "0") } }), let whole = parts.first,
            let value = Self(whole)
        else { return nil }
        self = value
    }
}
