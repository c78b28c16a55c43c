/// A value of type `interval`: months, days and microseconds, which the server keeps apart.
///
/// A month has no fixed number of days and a day no fixed number of hours, so `1 mon` and `30 days` are different values
/// here, though the server's `=` calls them equal. The text form is that of `IntervalStyle` postgres, the default.
public struct PostgresInterval: PostgresValue, Hashable, CustomStringConvertible, Sendable {
    /// Months; years are twelve of them.
    public var months: Int32
    /// Days.
    public var days: Int32
    /// Microseconds, hours and minutes included.
    public var microseconds: Int64

    /// An interval of its parts.
    ///
    /// - Parameters:
    ///   - months: Months; years are twelve of them.
    ///   - days: Days.
    ///   - microseconds: Microseconds, hours and minutes included.
    public init(months: Int32 = 0, days: Int32 = 0, microseconds: Int64 = 0) {
        self.months = months
        self.days = days
        self.microseconds = microseconds
    }

    /// Longer than every other interval; PostgreSQL 17 and later have it.
    public static let infinity = PostgresInterval(months: .max, days: .max, microseconds: .max)
    /// Less than every other interval; PostgreSQL 17 and later have it.
    public static let negativeInfinity = PostgresInterval(months: .min, days: .min, microseconds: .min)

    /// Reads `1 year 2 mons -3 days +04:05:06.7`.
    public init(postgresText: String) throws(PostgresValueError) {
        switch postgresText {
        case "infinity": self = .infinity
        case "-infinity": self = .negativeInfinity
        default:
            guard let value = Self.read(postgresText) else {
                throw PostgresValueError("\"\(postgresText)\" is no interval of the form 1 mon 2 days 03:04:05")
            }
            self = value
        }
    }

    /// The text form as the server writes it.
    public var postgresText: String {
        if self == .infinity { return "infinity" }
        if self == .negativeInfinity { return "-infinity" }
        var text = ""
        var wasNegative = false
        for (number, unit) in [(months / 12, "year"), (months % 12, "mon"), (days, "day")] where number != 0 {
            text += text.isEmpty ? "" : " "
            text += wasNegative && number > 0 ? "+" : ""
            text += "\(number) \(unit)\(number == 1 ? "" : "s")"
            wasNegative = number < 0
        }
        guard microseconds != 0 || text.isEmpty else { return text }
        let sign = microseconds < 0 ? "-" : wasNegative ? "+" : ""
        return text + (text.isEmpty ? "" : " ") + sign + ClockText.text(microseconds.magnitude)
    }
    /// The text form as the server writes it.
    public var description: String { postgresText }

    private static func read(_ text: String) -> PostgresInterval? {
        var scanner = TextScanner(text)
        var value = PostgresInterval()
        var isFirst = true
        while !scanner.isAtEnd || isFirst {
            guard isFirst || scanner.take(" ") else { return nil }
            isFirst = false
            let isNegative = scanner.take("-")
            if !isNegative { _ = scanner.take("+") }
            var clock = scanner
            if let time = magnitude(&clock) {
                guard clock.isAtEnd else { return nil }
                guard let signed = signed(time, isNegative: isNegative) else { return nil }
                value.microseconds = signed
                return value
            }
            guard let digits = scanner.number(digits: 1...10), scanner.take(" "),
                value.add(isNegative ? -digits : digits, scanner.letters())
            else { return nil }
        }
        return value
    }

    /// Hours, minutes and seconds; the longest time has one microsecond more than a positive number can hold.
    private static func magnitude(_ scanner: inout TextScanner) -> UInt64? {
        guard let hours = scanner.number(digits: 2...10), scanner.take(":"),
            let minutes = scanner.number(digits: 2...2), scanner.take(":"),
            let seconds = scanner.number(digits: 2...2), let fraction = scanner.millionths()
        else { return nil }
        let whole = UInt64(hours * 3_600 + minutes * 60 + seconds)
        let (microseconds, overflows) = whole.multipliedReportingOverflow(by: 1_000_000)
        return overflows ? nil : microseconds + UInt64(fraction)
    }

    private static func signed(_ magnitude: UInt64, isNegative: Bool) -> Int64? {
        guard isNegative else { return Int64(exactly: magnitude) }
        return magnitude <= Int64.min.magnitude ? Int64(truncatingIfNeeded: 0 &- magnitude) : nil
    }

    private mutating func add(_ number: Int64, _ unit: String) -> Bool {
        switch unit {
        case "year", "years":
            guard let sum = Int32(exactly: number * 12 + Int64(months)) else { return false }
            months = sum
        case "mon", "mons":
            guard let sum = Int32(exactly: number + Int64(months)) else { return false }
            months = sum
        case "day", "days":
            guard let number = Int32(exactly: number) else { return false }
            days = number
        default: return false
        }
        return true
    }
}
