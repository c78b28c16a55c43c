import Foundation
import Testing

@testable import ArchiveRepository

/// Clocks that lie, on the machine that makes backups and in the store: the newest backup stays all the same.
@Suite("The newest backup, whatever the clocks say")
struct NewestBackupTests {
    /// A repository as it comes about: each backup names the last one by name that it finds.
    private struct History {
        /// In the order in which they were made.
        var backups: [RetentionCandidate] = []
        var predecessors: [BackupID: BackupID] = [:]

        /// Which clocks lie.
        struct Lies: OptionSet {
            let rawValue: Int
            static let names = Lies(rawValue: 1)
            static let snapshots = Lies(rawValue: 2)
            static let files = Lies(rawValue: 4)
        }

        static var empty: History { History() }

        private init() {}

        init(_ count: Int, _ lies: Lies, _ random: inout FixedNumbers) throws {
            let epoch = Date(timeIntervalSince1970: 1_800_000_000)
            for number in 0..<count {
                let truth = epoch + Double(number) * 86_400
                func clock(_ lie: Lies) -> Date {
                    lies.contains(lie) ? truth + Double.random(in: -4e6...4e6, using: &random).rounded() : truth
                }
                let id = try BackupID(now: clock(.names))
                predecessors[id] = backups.map(\.id).max()
                backups.append(
                    RetentionCandidate(
                        id: id,
                        time: clock(.snapshots),
                        storedAt: clock(.files),
                        isVerified: Int.random(in: 0..<4, using: &random) == 0
                    ))
            }
        }

        func kept(_ policy: RetentionPolicy) -> Set<BackupID> {
            Set(policy.decide(backups, predecessors: predecessors).filter { !$0.value.isEmpty }.keys)
        }
    }

    private var onlyOne: RetentionPolicy {
        var policy = RetentionPolicy()
        policy.last = 1
        return policy
    }

    @Test func `the newest and the newest verified one stay, whichever clocks lie`() throws {
        var random = FixedNumbers(7)
        for number in 0..<2_000 {
            let lies = History.Lies(rawValue: number % 8)
            let history = try History(Int.random(in: 1...25, using: &random), lies, &random)
            let kept = history.kept(onlyOne)
            let newest = try #require(history.backups.last)
            #expect(kept.contains(newest.id), "\(number): the newest, lies \(lies.rawValue)")
            if let verified = history.backups.last(where: \.isVerified) {
                #expect(kept.contains(verified.id), "\(number): the newest verified one, lies \(lies.rawValue)")
            }
            let honest = History.Lies.files.rawValue
            // Where nothing lies but the times of files, no more stays than has to: a newest one, and one by the files.
            if lies.rawValue & ~honest == 0 { #expect(kept.count <= 4, "\(number): \(kept.count) stay") }
        }
    }

    @Test func `night after night it stays, when each prune follows each backup`() throws {
        var random = FixedNumbers(8)
        for number in 0..<300 {
            let history = try History(30, History.Lies(rawValue: number % 8), &random)
            var here = History.empty
            for backup in history.backups {
                // Made when only these are there.
                here.predecessors[backup.id] = here.backups.map(\.id).max()
                here.backups.append(backup)
                let kept = here.kept(onlyOne)
                #expect(kept.contains(backup.id), "\(number)")
                let verified = here.backups.last(where: \.isVerified)
                here.backups.removeAll { !kept.contains($0.id) }
                if let verified { #expect(here.backups.contains { $0.id == verified.id }, "\(number): verified") }
            }
        }
    }

    @Test func `times of files before those of snapshots do not make another backup the newest`() throws {
        let backups = try (1...5).map { day in
            let time = Date(timeIntervalSince1970: 1_800_000_000 + Double(day) * 86_400)
            // touch -d: the older the backup, the younger its file.
            return RetentionCandidate(id: try BackupID(now: time), time: time, storedAt: time - Double(day) * 1e6)
        }
        let reasons = onlyOne.decide(backups)
        #expect(reasons[backups[4].id] == [.newest, .last(1)])
        #expect(reasons[backups[0].id] == [.lastStored])
        #expect(backups[1...3].allSatisfy { reasons[$0.id] == [] })
    }

    @Test func `rules count by both clocks of a backup where they differ`() throws {
        func backup(_ name: String, _ time: String) throws -> RetentionCandidate {
            RetentionCandidate(
                id: try BackupID(now: Date(name, strategy: .iso8601)), time: try Date(time, strategy: .iso8601))
        }
        let wrong = try backup("2026-11-03T02:00:00Z", "2020-01-01T00:00:00Z")
        let backups = [
            try backup("2026-11-01T02:00:00Z", "2026-11-01T02:00:10Z"),
            try backup("2026-11-02T02:00:00Z", "2026-11-02T02:00:10Z"), wrong,
            try backup("2026-11-04T02:00:00Z", "2026-11-04T02:00:10Z"),
        ]
        var policy = RetentionPolicy()
        policy.daily = 2
        let kept = policy.decide(backups).filter { !$0.value.isEmpty }.keys
        #expect(Set(kept) == Set([backups[1].id, wrong.id, backups[3].id]))
    }

    @Test func `the moment in a name is read as it was written`() throws {
        let moment = Date(timeIntervalSince1970: 1_800_000_000)
        #expect(try BackupID(now: moment).time == moment)
        #expect(try #require(BackupID("20269999T999999Z-000000")).time == nil)
    }
}
