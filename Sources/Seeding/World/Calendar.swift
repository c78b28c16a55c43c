/// A day, as the number of days since 2000-01-01.
struct Day: Sendable, Hashable, Comparable {
    let number: Int

    /// The day that the rows regard as today.
    ///
    /// It is fixed: rows do not depend on when they are made.
    static let today = Day(year: 2026, month: 6, day: 1)

    init(_ number: Int) { self.number = number }

    /// A day of the Gregorian calendar.
    init(year: Int, month: Int, day: Int) {
        // Years that begin in March put the leap day at the end; 60 days from January 1 to March 1 of the year 2000.
        let marchYear = month > 2 ? year : year - 1
        let era = marchYear - 2_000
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        number = 60 + Day.start(of: era) + dayOfYear
    }

    /// Leap days from March 2000 to March of a year that is given as years since 2000, from 0.
    private static func leaps(before era: Int) -> Int { era / 4 - era / 100 + era / 400 }
    /// The first day of such a year, as days since March 2000.
    private static func start(of era: Int) -> Int { era * 365 + leaps(before: era) }

    static func < (first: Day, second: Day) -> Bool { first.number < second.number }
    static func + (day: Day, days: Int) -> Day { Day(day.number + days) }
    static func - (day: Day, days: Int) -> Day { Day(day.number - days) }
    static func - (end: Day, start: Day) -> Int { end.number - start.number }

    /// Year, month and day, for any day from 2000-03-01.
    var calendarDate: (year: Int, month: Int, day: Int) {
        let days = number - 60
        // The mean year finds the year of the day or a neighbour of it.
        var era = days * 400 / 146_097
        if days < Day.start(of: era) { era -= 1 }
        if days >= Day.start(of: era + 1) { era += 1 }
        let dayOfYear = days - Day.start(of: era)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        return (2_000 + era + (month <= 2 ? 1 : 0), month, day)
    }

    /// A moment of the day in seconds since midnight.
    func at(_ second: Int) -> Moment { Moment(day: self, secondOfDay: second) }
    /// A moment of the day, while people are awake.
    func at(_ draw: Draw) -> Moment { at(draw.within(6 * 3_600...22 * 3_600)) }
}

/// A moment in UTC, to the second.
struct Moment: Sendable, Hashable {
    let day: Day
    let secondOfDay: Int

    init(day: Day, secondOfDay: Int) {
        self.day = day
        self.secondOfDay = secondOfDay
    }

    static func + (moment: Moment, seconds: Int) -> Moment {
        let sum = moment.secondOfDay + seconds
        let days = (sum >= 0 ? sum : sum - 86_399) / 86_400
        return Moment(day: moment.day + days, secondOfDay: sum - days * 86_400)
    }

    /// The hour, from 0.
    var hour: Int { secondOfDay / 3_600 }
    /// The day of the week, 0 for Sunday.
    var weekday: Int { (day.number + 6) % 7 }
}
