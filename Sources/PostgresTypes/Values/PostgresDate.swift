/// A value of type `date`: a day from 4714-11-24 BC to 5874897-12-31, or one of the two infinities.
///
/// See PostgreSQL 15 manual, section 8.5 "Date/Time Types". The text form is that of `DateStyle` ISO, the default.
///
/// ```swift
/// let start = PostgresDate(year: 2026, month: 3, day: 1)
/// ```
public struct PostgresDate: PostgresValue, Hashable, Comparable, CustomStringConvertible, Sendable {
    /// The distance from 2000-01-01; the ends of the type's range stand for the infinities, as in the server.
    public let daysSince2000: Int32

    /// After every day.
    public static let infinity = PostgresDate(unchecked: .max)
    /// Before every day.
    public static let negativeInfinity = PostgresDate(unchecked: .min)

    private init(unchecked days: Int32) { daysSince2000 = days }

    private static let range: ClosedRange<Int64> = -2_451_545...2_145_031_948

    /// A day by its distance from 2000-01-01.
    ///
    /// - Parameter daysSince2000: The distance; `nil` comes of one that the type does not hold.
    public init?(daysSince2000: Int64) {
        guard Self.range.contains(daysSince2000) else { return nil }
        self.init(unchecked: Int32(daysSince2000))
    }

    /// A day of the calendar.
    ///
    /// - Parameters:
    ///   - year: The year as astronomers count: 0 is 1 BC.
    ///   - month: 1 to 12.
    ///   - day: From 1; `nil` comes of a day that does not exist or that the type does not hold.
    public init?(year: Int, month: Int, day: Int) {
        guard abs(year) < 10_000_000, let date = CivilDate(year: Int64(year), month: Int64(month), day: Int64(day))
        else { return nil }
        self.init(daysSince2000: date.daysSince2000)
    }

    /// Reads `2026-03-01`, `0044-03-15 BC` or `infinity`.
    public init(postgresText: String) throws(PostgresValueError) {
        if postgresText == "infinity" {
            self = .infinity
        } else if postgresText == "-infinity" {
            self = .negativeInfinity
        } else {
            var scanner = TextScanner(postgresText)
            guard let fields = CivilDate.fields(&scanner), let date = CivilDate.ended(&scanner, fields),
                let value = PostgresDate(daysSince2000: date.daysSince2000)
            else { throw PostgresValueError("\"\(postgresText)\" is no date of the form 2026-03-01") }
            self = value
        }
    }

    /// The text form, such as `2026-03-01`.
    public var postgresText: String {
        guard let date = civil else { return self == .infinity ? "infinity" : "-infinity" }
        return date.text + date.eraSuffix
    }
    /// The text form, such as `2026-03-01`.
    public var description: String { postgresText }

    /// Not one of the infinities.
    public var isFinite: Bool { daysSince2000 != .max && daysSince2000 != .min }
    /// The year as astronomers count, where 0 is 1 BC, with month and day; `nil` for an infinity.
    public var components: (year: Int, month: Int, day: Int)? {
        civil.map { (Int($0.year), Int($0.month), Int($0.day)) }
    }

    /// The day that comes so many days later, or before for a negative number.
    ///
    /// - Parameter days: The distance.
    /// - Returns: The day; an infinity stays itself, and `nil` comes of a day that the type does not hold.
    public func adding(days: Int) -> PostgresDate? {
        guard isFinite else { return self }
        let (sum, overflows) = Int64(daysSince2000).addingReportingOverflow(Int64(days))
        return overflows ? nil : PostgresDate(daysSince2000: sum)
    }

    /// Orders days by time.
    public static func < (lhs: PostgresDate, rhs: PostgresDate) -> Bool { lhs.daysSince2000 < rhs.daysSince2000 }

    private var civil: CivilDate? { isFinite ? CivilDate(daysSince2000: Int64(daysSince2000)) : nil }
}
