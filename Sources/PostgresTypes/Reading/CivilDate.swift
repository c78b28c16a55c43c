/// A day of the proleptic Gregorian calendar, the one that PostgreSQL uses for all times.
struct CivilDate: Equatable {
    /// The year as astronomers count: 0 is 1 BC.
    let year: Int64
    let month: Int64
    let day: Int64

    /// A day, unless there is none such.
    init?(year: Int64, month: Int64, day: Int64) {
        guard (1...12).contains(month), (1...Self.days(in: month, of: year)).contains(day) else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    /// A day by its distance from 2000-01-01.
    ///
    /// The year is taken to begin in March, so that the leap day is its last; 400 such years are one era.
    init(daysSince2000 days: Int64) {
        let shifted = days + 730_425
        let era = shifted.flooredQuotient(146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    var daysSince2000: Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = shiftedYear.flooredQuotient(400)
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 730_425
    }

    /// Year, month and day without the era.
    var text: String {
        let shown = year > 0 ? year : 1 - year
        return "\(shown.padded(to: 4))-\(month.padded(to: 2))-\(day.padded(to: 2))"
    }

    /// What stands at the end of a date or time before the year 1.
    var eraSuffix: String { year > 0 ? "" : " BC" }

    /// Year, month and day as they stand in a text, before the era is known.
    static func fields(_ scanner: inout TextScanner) -> (year: Int64, month: Int64, day: Int64)? {
        guard let year = scanner.number(digits: 4...7), scanner.take("-"), let month = scanner.number(digits: 2...2),
            scanner.take("-"), let day = scanner.number(digits: 2...2), year > 0
        else { return nil }
        return (year, month, day)
    }

    /// A day from the fields of a text, at whose end ` BC` may stand.
    static func ended(_ scanner: inout TextScanner, _ fields: (year: Int64, month: Int64, day: Int64)) -> CivilDate? {
        let isBeforeChrist = scanner.take(" BC")
        guard scanner.isAtEnd else { return nil }
        let year = isBeforeChrist ? 1 - fields.year : fields.year
        return CivilDate(year: year, month: fields.month, day: fields.day)
    }

    private static func days(in month: Int64, of year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

/// The time of a day in text: `13:05:00.25`.
enum ClockText {
    static let microsecondsOfDay: Int64 = 86_400_000_000

    /// Hours, minutes and seconds as microseconds; the hour may have up to ten digits for intervals.
    static func microseconds(_ scanner: inout TextScanner, hourDigits: ClosedRange<Int> = 2...2) -> Int64? {
        guard let hours = scanner.number(digits: hourDigits), scanner.take(":"),
            let minutes = scanner.number(digits: 2...2), minutes < 60, scanner.take(":"),
            let seconds = scanner.number(digits: 2...2), seconds < 60, let fraction = scanner.millionths()
        else { return nil }
        return (hours * 3_600 + minutes * 60 + seconds) * 1_000_000 + fraction
    }

    /// The text of microseconds, with as many decimals as are needed.
    static func text(_ microseconds: UInt64) -> String {
        let seconds = microseconds / 1_000_000
        let clock = [seconds / 3_600, seconds / 60 % 60, seconds % 60].map { $0.padded(to: 2) }
        var fraction = (microseconds % 1_000_000).padded(to: 6)
        while fraction.last == "0" { fraction.removeLast() }
        return clock.joined(separator: ":") + (fraction.isEmpty ? "" : "." + fraction)
    }
}

extension Int64 {
    /// The quotient rounded down, for a positive divisor.
    func flooredQuotient(_ divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
