/// A value of type `time`: a time of day to the microsecond, `24:00:00` included.
public struct PostgresTime: PostgresValue, Hashable, Comparable, CustomStringConvertible, Sendable {
    /// Microseconds since midnight, at most those of a whole day.
    public let microseconds: Int64

    /// A time by its distance from midnight.
    ///
    /// - Parameter microseconds: The distance; `nil` comes of one that is negative or longer than a day.
    public init?(microseconds: Int64) {
        guard (0...ClockText.microsecondsOfDay).contains(microseconds) else { return nil }
        self.microseconds = microseconds
    }

    /// A time of day.
    ///
    /// - Parameters:
    ///   - hour: 0 to 23.
    ///   - minute: 0 to 59.
    ///   - second: 0 to 59; `nil` comes of a time that does not exist.
    public init?(hour: Int, minute: Int, second: Int = 0) {
        guard (0..<24).contains(hour), (0..<60).contains(minute), (0..<60).contains(second) else { return nil }
        microseconds = Int64(hour * 3_600 + minute * 60 + second) * 1_000_000
    }

    /// Reads `13:05:00` with up to six decimals.
    public init(postgresText: String) throws(PostgresValueError) {
        var scanner = TextScanner(postgresText)
        guard let microseconds = ClockText.microseconds(&scanner), scanner.isAtEnd,
            let time = PostgresTime(microseconds: microseconds)
        else { throw PostgresValueError("\"\(postgresText)\" is no time of the form 13:05:00") }
        self = time
    }

    /// The text form, such as `13:05:00.25`.
    public var postgresText: String { ClockText.text(microseconds.magnitude) }
    /// The text form, such as `13:05:00.25`.
    public var description: String { postgresText }

    /// Orders times by the clock.
    public static func < (lhs: PostgresTime, rhs: PostgresTime) -> Bool { lhs.microseconds < rhs.microseconds }
}
