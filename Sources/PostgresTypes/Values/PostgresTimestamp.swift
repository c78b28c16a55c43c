public import FoundationEssentials

/// A value of type `timestamp with time zone`: an instant to the microsecond, or one of the two infinities.
///
/// The server keeps an instant, not a zone: it reads any zone and writes that of the session. This type reads them all
/// and writes UTC. See PostgreSQL 15 manual, section 8.5 "Date/Time Types"; `DateStyle` must be ISO, the default.
public struct PostgresTimestampTZ: PostgresValue, Hashable, Comparable, CustomStringConvertible, Sendable {
    /// Microseconds since 2000-01-01 00:00 UTC; the ends of the range stand for the infinities, as in the server.
    ///
    /// Counted from 1970, the last instants of the type would not fit 64 bits.
    public let microseconds: Int64

    /// After every instant.
    public static let infinity = PostgresTimestampTZ(unchecked: .max)
    /// Before every instant.
    public static let negativeInfinity = PostgresTimestampTZ(unchecked: .min)

    private init(unchecked microseconds: Int64) { self.microseconds = microseconds }

    /// An instant by its distance from 2000-01-01 00:00 UTC.
    ///
    /// - Parameter microseconds: The distance; `nil` comes of one that the type does not hold.
    public init?(microseconds: Int64) {
        guard TimestampText.range.contains(microseconds) else { return nil }
        self.init(unchecked: microseconds)
    }

    /// An instant of Foundation, rounded to the microsecond.
    ///
    /// - Parameter date: The instant; `nil` comes of one that the type does not hold.
    public init?(_ date: Date) {
        let seconds = date.timeIntervalSinceReferenceDate + TimestampText.secondsFrom2000To2001
        guard let microseconds = Int64(exactly: (seconds * 1_000_000).rounded()) else { return nil }
        self.init(microseconds: microseconds)
    }

    /// Reads `2026-03-01 12:30:00.5+00`, with any offset, or `infinity`.
    public init(postgresText: String) throws(PostgresValueError) {
        switch postgresText {
        case "infinity": self = .infinity
        case "-infinity": self = .negativeInfinity
        default:
            guard let found = TimestampText.read(postgresText), let offset = found.offset,
                let value = PostgresTimestampTZ(microseconds: found.microseconds - offset)
            else { throw PostgresValueError("\"\(postgresText)\" is no instant of the form 2026-03-01 12:30:00+00") }
            self = value
        }
    }

    /// The text form in UTC, such as `2026-03-01 12:30:00.5+00`.
    public var postgresText: String { TimestampText.text(microseconds, zone: "+00") }
    /// The text form in UTC, such as `2026-03-01 12:30:00.5+00`.
    public var description: String { postgresText }

    /// Not one of the infinities.
    public var isFinite: Bool { microseconds != .max && microseconds != .min }
    /// The instant for Foundation, as exact as its double allows; `nil` for an infinity.
    public var date: Date? {
        guard isFinite else { return nil }
        let seconds = Double(microseconds) / 1_000_000
        return Date(timeIntervalSinceReferenceDate: seconds - TimestampText.secondsFrom2000To2001)
    }

    /// Orders instants by time.
    public static func < (lhs: PostgresTimestampTZ, rhs: PostgresTimestampTZ) -> Bool {
        lhs.microseconds < rhs.microseconds
    }
}

/// A value of type `timestamp without time zone`: a date and a time of day, or one of the two infinities.
public struct PostgresTimestamp: PostgresValue, Hashable, Comparable, CustomStringConvertible, Sendable {
    /// Microseconds since 2000-01-01 00:00; the ends of the range stand for the infinities, as in the server.
    public let microseconds: Int64

    /// After every other value.
    public static let infinity = PostgresTimestamp(unchecked: .max)
    /// Before every other value.
    public static let negativeInfinity = PostgresTimestamp(unchecked: .min)

    private init(unchecked microseconds: Int64) { self.microseconds = microseconds }

    /// A value by its distance from 2000-01-01 00:00.
    ///
    /// - Parameter microseconds: The distance; `nil` comes of one that the type does not hold.
    public init?(microseconds: Int64) {
        guard TimestampText.range.contains(microseconds) else { return nil }
        self.init(unchecked: microseconds)
    }

    /// Reads `2026-03-01 12:30:00.5` or `infinity`.
    public init(postgresText: String) throws(PostgresValueError) {
        switch postgresText {
        case "infinity": self = .infinity
        case "-infinity": self = .negativeInfinity
        default:
            guard let found = TimestampText.read(postgresText), found.offset == nil,
                let value = PostgresTimestamp(microseconds: found.microseconds)
            else { throw PostgresValueError("\"\(postgresText)\" is no timestamp of the form 2026-03-01 12:30:00") }
            self = value
        }
    }

    /// The text form, such as `2026-03-01 12:30:00.5`.
    public var postgresText: String { TimestampText.text(microseconds, zone: "") }
    /// The text form, such as `2026-03-01 12:30:00.5`.
    public var description: String { postgresText }
    /// Not one of the infinities.
    public var isFinite: Bool { microseconds != .max && microseconds != .min }

    /// Orders values by time.
    public static func < (lhs: PostgresTimestamp, rhs: PostgresTimestamp) -> Bool {
        lhs.microseconds < rhs.microseconds
    }
}

/// The text form that both types share.
private enum TimestampText {
    static let secondsFrom2000To2001: Double = 366 * 86_400
    /// From 4714-11-24 BC to the end of the year 294276.
    static let range: Range<Int64> = -211_813_488_000_000_000..<9_223_371_331_200_000_000

    static func read(_ text: String) -> (microseconds: Int64, offset: Int64?)? {
        var scanner = TextScanner(text)
        guard let fields = CivilDate.fields(&scanner), fields.year < 300_000, scanner.take(" "),
            let time = ClockText.microseconds(&scanner), time <= ClockText.microsecondsOfDay
        else { return nil }
        var offset: Int64?
        if scanner.next == UInt8(ascii: "+") || scanner.next == UInt8(ascii: "-") {
            guard let seconds = self.offset(&scanner) else { return nil }
            offset = seconds * 1_000_000
        }
        guard let date = CivilDate.ended(&scanner, fields) else { return nil }
        let (whole, overflows) = date.daysSince2000.multipliedReportingOverflow(by: ClockText.microsecondsOfDay)
        let (sum, runsOver) = whole.addingReportingOverflow(time)
        return overflows || runsOver ? nil : (sum, offset)
    }

    /// `+05`, `-03:30` or `+00:19:32`, as seconds.
    private static func offset(_ scanner: inout TextScanner) -> Int64? {
        let sign: Int64 = scanner.take("-") ? -1 : 1
        if sign > 0 { _ = scanner.take("+") }
        guard let hours = scanner.number(digits: 2...2) else { return nil }
        var seconds = hours * 3_600
        for unit: Int64 in [60, 1] where scanner.take(":") {
            guard let number = scanner.number(digits: 2...2) else { return nil }
            seconds += number * unit
        }
        return sign * seconds
    }

    static func text(_ microseconds: Int64, zone: String) -> String {
        guard microseconds != .max else { return "infinity" }
        guard microseconds != .min else { return "-infinity" }
        let days = microseconds.flooredQuotient(ClockText.microsecondsOfDay)
        let date = CivilDate(daysSince2000: days)
        let time = ClockText.text((microseconds - days * ClockText.microsecondsOfDay).magnitude)
        return "\(date.text) \(time)\(zone)\(date.eraSuffix)"
    }
}
