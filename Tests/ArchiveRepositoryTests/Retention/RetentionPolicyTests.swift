import Foundation
import Testing

@testable import ArchiveRepository

@Suite("Retention policy")
struct RetentionPolicyTests {
    private static let epoch = Date(timeIntervalSince1970: 1_800_000_000)

    /// A backup at a time such as `2026-11-27T02:15:00Z`.
    private func backup(_ time: String, verified: Bool = false, storedAt: String? = nil) throws -> RetentionCandidate {
        let moment = try Date(time, strategy: .iso8601)
        return RetentionCandidate(
            id: try BackupID(now: moment),
            time: moment,
            storedAt: try storedAt.map { try Date($0, strategy: .iso8601) },
            isVerified: verified
        )
    }

    /// The days and hours of the backups that stay, newest first.
    private func kept(_ backups: [RetentionCandidate], _ change: (inout RetentionPolicy) -> Void) -> [String] {
        var policy = RetentionPolicy()
        change(&policy)
        let reasons = policy.decide(backups)
        return backups.filter { !(reasons[$0.id] ?? []).isEmpty }.sorted { $0.time > $1.time }
            .map { String($0.time.formatted(.iso8601).prefix(16)) }
    }

    @Test func `the last ones stay`() throws {
        let all = try (1...9).map { try backup("2026-11-0\($0)T02:00:00Z") }
        #expect(kept(all) { $0.last = 3 } == ["2026-11-09T02:00", "2026-11-08T02:00", "2026-11-07T02:00"])
        #expect(kept(all) { $0.last = 100 }.count == 9)
    }

    @Test func `of each day the newest stays, and days without a backup do not count`() throws {
        let all = try ["01T02", "01T14", "03T02", "03T23", "09T00", "09T01"].map { try backup("2026-11-\($0):00:00Z") }
        #expect(kept(all) { $0.daily = 2 } == ["2026-11-09T01:00", "2026-11-03T23:00"])
        #expect(kept(all) { $0.daily = 3 } == ["2026-11-09T01:00", "2026-11-03T23:00", "2026-11-01T14:00"])
        #expect(kept(all) { $0.hourly = 3 }.count == 3)
    }

    @Test func `weeks begin on Monday, months and years with their first day, in UTC`() throws {
        let all = try [
            "2026-11-15T23:59:59Z", "2026-11-16T00:00:00Z", "2026-12-31T23:59:59Z", "2027-01-01T00:00:00Z",
        ].map { try backup($0) }
        #expect(kept(all) { $0.weekly = 3 } == ["2027-01-01T00:00", "2026-11-16T00:00", "2026-11-15T23:59"])
        #expect(kept(all) { $0.monthly = 9 } == ["2027-01-01T00:00", "2026-12-31T23:59", "2026-11-16T00:00"])
        #expect(kept(all) { $0.yearly = 9 } == ["2027-01-01T00:00", "2026-12-31T23:59"])
    }

    @Test func `the time to keep counts from the newest backup, not from today`() throws {
        let all = try (1...9).map { try backup("2020-11-0\($0)T02:00:00Z") }
        #expect(kept(all) { $0.within = .seconds(2 * 86_400) }.count == 3)
    }

    @Test func `the newest and the newest verified one stay whatever the rules say`() throws {
        let all = [
            try backup("2026-11-01T02:00:00Z", verified: true), try backup("2026-11-02T02:00:00Z", verified: true),
            try backup("2026-11-03T02:00:00Z"), try backup("2026-11-04T02:00:00Z"),
        ]
        #expect(kept(all) { $0.last = 1 } == ["2026-11-04T02:00", "2026-11-02T02:00"])
    }

    @Test func `a clock that went back does not cost the backup that was stored last`() throws {
        let all = [
            try backup("2026-11-01T02:00:00Z", storedAt: "2026-11-01T02:01:00Z"),
            try backup("2026-11-02T02:00:00Z", storedAt: "2026-11-02T02:01:00Z"),
            try backup("2020-01-01T00:00:00Z", storedAt: "2026-11-03T02:01:00Z"),
        ]
        #expect(kept(all) { $0.last = 1 } == ["2026-11-02T02:00", "2020-01-01T00:00"])
    }

    @Test func `a policy without a rule is empty`() {
        var policy = RetentionPolicy()
        #expect(policy.isEmpty)
        policy.within = .zero
        policy.daily = 0
        #expect(policy.isEmpty)
        policy.yearly = 1
        #expect(!policy.isEmpty)
    }

    @Test func `periods are those of the calendar`() throws {
        var calendar = Calendar(identifier: .iso8601)
        calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
        var random = FixedNumbers(1)
        for _ in 0..<2_000 {
            let one = Date(timeIntervalSince1970: Double.random(in: -5e9...9e9, using: &random).rounded())
            let other = one.addingTimeInterval(Double.random(in: -4e6...4e6, using: &random).rounded())
            let units: [(RetentionPeriod, Calendar.Component)] = [
                (.hour, .hour), (.day, .day), (.week, .weekOfYear), (.month, .month), (.year, .year),
            ]
            for (period, unit) in units {
                let isSame = period.number(of: one) == period.number(of: other)
                #expect(
                    isSame == calendar.isDate(one, equalTo: other, toGranularity: unit), "\(period) \(one) \(other)")
                if one < other { #expect(period.number(of: one) <= period.number(of: other)) }
            }
        }
    }

    // MARK: Laws

    private struct Case {
        var backups: [RetentionCandidate]
        var policy: RetentionPolicy

        init(_ random: inout FixedNumbers) throws {
            let span: Double = [7_200.0, 86_400 * 3, 86_400 * 60, 86_400 * 900].randomElement(using: &random) ?? 1
            backups = try (0..<Int.random(in: 1...40, using: &random)).map { _ in
                let time = RetentionPolicyTests.epoch - Double.random(in: 0...span, using: &random).rounded()
                return RetentionCandidate(
                    id: try BackupID(now: time),
                    time: time,
                    storedAt: Bool.random(using: &random) ? time + Double.random(in: -9e4...9e4, using: &random) : nil,
                    isVerified: Int.random(in: 0..<6, using: &random) == 0,
                    wasBroughtBack: Int.random(in: 0..<20, using: &random) == 0
                )
            }
            policy = RetentionPolicy()
            func count() -> Int {
                Int.random(in: 0..<3, using: &random) == 0 ? Int.random(in: 0...9, using: &random) : 0
            }
            policy.last = count()
            policy.hourly = count()
            policy.daily = count()
            policy.weekly = count()
            policy.monthly = count()
            policy.yearly = count()
            if Bool.random(using: &random) { policy.within = .seconds(Int.random(in: 0...9_000_000, using: &random)) }
        }

        var kept: Set<BackupID> { kept(policy, backups) }

        func kept(_ policy: RetentionPolicy, _ backups: [RetentionCandidate]) -> Set<BackupID> {
            Set(policy.decide(backups).filter { !$0.value.isEmpty }.keys)
        }
    }

    @Test func `every law holds for random backups and policies`() throws {
        var random = FixedNumbers(2)
        for number in 0..<1_000 {
            let sample = try Case(&random)
            let kept = sample.kept
            let ids = Set(sample.backups.map(\.id))
            #expect(Set(sample.policy.decide(sample.backups).keys) == ids, "\(number): each backup gets an answer")

            let newest = sample.backups.max { ($0.time, $0.id) < ($1.time, $1.id) }
            #expect(kept.contains(try #require(newest).id), "\(number): the newest stays")
            let verified = sample.backups.filter(\.isVerified).max { ($0.time, $0.id) < ($1.time, $1.id) }
            if let verified { #expect(kept.contains(verified.id), "\(number): the newest verified one stays") }

            let shuffled = sample.backups.shuffled(using: &random)
            #expect(sample.kept(sample.policy, shuffled) == kept, "\(number): the order does not matter")

            let rest = sample.backups.filter { kept.contains($0.id) }
            #expect(sample.kept(sample.policy, rest) == kept, "\(number): deciding again removes none")

            var larger = sample.policy
            larger.last += Int.random(in: 0...2, using: &random)
            larger.hourly += Int.random(in: 0...2, using: &random)
            larger.daily += Int.random(in: 0...2, using: &random)
            larger.weekly += Int.random(in: 0...2, using: &random)
            larger.monthly += Int.random(in: 0...2, using: &random)
            larger.yearly += Int.random(in: 0...2, using: &random)
            larger.within = (larger.within ?? .zero) + .seconds(Int.random(in: 0...100_000, using: &random))
            #expect(sample.kept(larger, sample.backups).isSuperset(of: kept), "\(number): more rules keep more")

            #expect(kept.count >= min(sample.policy.last, ids.count), "\(number): the last ones are kept")
        }
    }
}
