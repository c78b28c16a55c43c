import Foundation
import Testing

@testable import Seeding

@Suite("Keys and draws of seeded rows")
struct SeedKeyTests {
    @Test func `the mixing function is SplitMix64's`() {
        // The first outputs of the reference implementation for the seed 1234567.
        let reference: [UInt64] = [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]
        for (step, expected) in reference.enumerated() {
            #expect(SeedHash.mix(1_234_567 &+ UInt64(step) &* 0x9E37_79B9_7F4A_7C15) == expected)
        }
        #expect(SeedHash.fnv1a("foobar".utf8) == 0x8594_4171_F739_67E8)
    }

    @Test func `an id says what row it is of`() {
        let key = RowKey(0x123_4567, 0xABC, 0xDEF, 0x012)
        #expect(key.owner == 0x123_4567 && key.first == 0xABC && key.second == 0xDEF && key.third == 0x012)
        #expect(SeedIdentity.uuid(tag: 0xBEEF, key) == "5eedbeef-1234-8567-8abc-000000def012")
        #expect(key.upTo(2) == RowKey(0x123_4567, 0xABC, 0xDEF))
        #expect(key.upTo(0) == RowKey(0x123_4567))
        #expect(RowKey(7).below(3, step: 1).below(4, step: 2).below(5, step: 3) == RowKey(7, 3, 4, 5))
    }

    @Test func `numbers of all scales stay in the reserved range and differ`() {
        let last = SeedIdentity.number(RowKey(SeedScale(SeedScale.largest).users, RowKey.fanOut - 1))
        #expect(last <= SeedIdentity.lastNumber)
        #expect(SeedIdentity.number(RowKey(RowKey.largestOwner, RowKey.fanOut - 1)) <= SeedIdentity.lastNumber)
        #expect(SeedIdentity.number(RowKey(0, 0)) == SeedIdentity.firstNumber)
        #expect(SeedIdentity.number(RowKey(1, 0)) == SeedIdentity.number(RowKey(0, 4_095)) + 1)
        #expect(SeedIdentity.lastNumber < 1 << 53, "JavaScript reads larger numbers inexactly")
    }

    @Test func `every table has a tag of its own`() {
        let tags = SeedCatalog.tables.map(\.tag) + [SeedTable.Place.assistantSessions.tag]
        #expect(Set(tags).count == tags.count)
        #expect(Set(SeedCatalog.tables.map(\.displayName)).count == SeedCatalog.tables.count)
    }

    @Test func `the walk over keys visits what nested loops visit`() {
        let population = Population(
            { $0.owner % 4 }, { ($0.owner + $0.first) % 3 }, { ($0.first + $0.second) % 4 })
        var expected: [RowKey] = []
        for owner in 0...25 {
            for first in 0..<(owner % 4) {
                for second in 0..<((owner + first) % 3) {
                    for third in 0..<((first + second) % 4) { expected.append(RowKey(owner, first, second, third)) }
                }
            }
        }
        var cursor = KeyCursor(population, scale: SeedScale(1))
        var found: [RowKey] = []
        while let key = cursor.next() { found.append(key) }
        #expect(found == expected)
        #expect(population.rows(at: SeedScale(1)) == expected.count)
        #expect(Population.eachUser.rows(at: SeedScale(3)) == 75)
    }

    @Test func `days are those of the calendar`() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
        let start = try #require(calendar.date(from: DateComponents(year: 2_000, month: 1, day: 1)))
        for number in stride(from: 60, to: 37_000, by: 1) {
            let date = try #require(calendar.date(byAdding: .day, value: number, to: start))
            let parts = calendar.dateComponents([.year, .month, .day, .weekday], from: date)
            let found = Day(number).calendarDate
            guard let year = parts.year, let month = parts.month, let day = parts.day else { continue }
            #expect(found.year == year && found.month == month && found.day == day)
            #expect(Day(year: year, month: month, day: day).number == number)
            #expect(Day(number).at(0).weekday + 1 == parts.weekday)
        }
    }

    @Test func `draws cover their range evenly and lean where they should`() {
        var counts = Array(repeating: 0, count: 10)
        var leaning = counts
        for number in 0..<20_000 {
            let draw = Stream("test")(RowKey(number))
            counts[draw.below(10)] += 1
            leaning[draw.lean(Array(0..<10))] += 1
        }
        #expect(counts.allSatisfy { (1_850...2_150).contains($0) }, "\(counts)")
        #expect(leaning[0] > leaning[4] * 3 / 2 && leaning[4] > leaning[9] * 3, "\(leaning)")
    }

    @Test(arguments: [1, 25, 26, 700])
    func `distinct users are distinct, there in time, and never the one with nothing`(owner: Int) {
        let draw = Stream("test")(RowKey(owner))
        let users = (0..<Person.choice(with: owner)).map { Person.distinct($0, draw, with: owner) }
        #expect(Set(users).count == users.count)
        #expect(users.allSatisfy { (1...SeedScale.users(with: owner)).contains($0) && $0 != Cast.withNothing })
    }

    @Test func `few users do most`() {
        let levels = (1...2_000).map { Person.level($0) }.sorted(by: >)
        let most = levels.prefix(400).reduce(0, +)
        #expect(most * 2 > levels.reduce(0, +), "a fifth of the users does more than half")
        #expect(levels.filter { $0 == 0 }.count == 1)
    }

    @Test func `square roots are whole and exact`() {
        for number in [0, 1, 2, 3, 4, 15, 16, 17, 99_999_999, 100_000_000, 9_007_199_254_740_993] {
            let root = Spot.root(number)
            #expect(root * root <= number && (root + 1) * (root + 1) > number, "\(number)")
        }
        let melbourne = Region.australia.towns[0].spot
        let sydney = Region.australia.towns[19].spot
        #expect((860_000...910_000).contains(melbourne.road(to: sydney)), "\(melbourne.road(to: sydney))")
    }
}
