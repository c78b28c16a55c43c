public import Foundation

/// A kind of period, in UTC, of which one backup stays.
public enum RetentionPeriod: String, Sendable, Hashable, Codable, CaseIterable {
    /// An hour.
    case hour
    /// A day from midnight to midnight.
    case day
    /// A week from Monday to Sunday.
    case week
    /// A calendar month.
    case month
    /// A calendar year.
    case year

    /// The number of the period in which a moment falls; a later period has a greater one.
    ///
    /// - Parameter moment: The moment.
    /// - Returns: The number, counted from the year 1970, or 0 for months and years.
    public func number(of moment: Date) -> Int {
        let seconds = Int(moment.timeIntervalSince1970.rounded(.down))
        let day = Self.quotient(seconds, 86_400)
        switch self {
        case .hour: return Self.quotient(seconds, 3_600)
        case .day: return day
        // The first of January 1970 was a Thursday.
        case .week: return Self.quotient(day + 3, 7)
        case .month:
            let (year, month) = Self.yearAndMonth(of: day)
            return year * 12 + month - 1
        case .year: return Self.yearAndMonth(of: day).year
        }
    }

    /// The quotient, rounded down also below zero.
    private static func quotient(_ number: Int, _ divisor: Int) -> Int {
        number >= 0 ? number / divisor : -((divisor - 1 - number) / divisor)
    }

    /// The Gregorian year and month of a day since 1970.
    ///
    /// Years are counted from March, so that the leap day is the last one; 400 years have 146,097 days.
    private static func yearAndMonth(of day: Int) -> (year: Int, month: Int) {
        let shifted = day + 719_468
        let era = quotient(shifted, 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let fromMarch = (5 * dayOfYear + 2) / 153
        let month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month)
    }
}
