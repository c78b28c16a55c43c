import Diagnostics
import Foundation
import SealedStreams
import Testing

@testable import ArchiveRepository

@Suite("Prune plan")
struct PrunePlanTests {
    private static let now = Date(timeIntervalSince1970: 1_800_000_000)
    private static let code = Digest(hex: String(repeating: "0", count: 64))

    private func id(_ number: Int) throws -> BackupID {
        let digits = String(number)
        let padded = String(repeating: "0", count: 6 - digits.count) + digits
        return try #require(BackupID("20270101T\(padded)Z-00000\(number % 10)"))
    }

    private func name(_ number: Int) throws -> BlobName {
        let digits = String(number, radix: 16)
        return try Layout.name("chunks/" + String(repeating: "0", count: 32 - digits.count) + digits)
    }

    private func reference(_ number: Int, run: BackupID) throws -> ObjectReference {
        ObjectReference(
            name: try name(number), storedBytes: 10, code: try #require(Self.code), run: run, subjects: ["t\(number)"])
    }

    private func plan(_ state: PruneState, last: Int, graceDays: Int = 7, chosen: Set<BackupID> = []) throws
        -> PrunePlan
    {
        var policy = RetentionPolicy()
        policy.last = last
        return try PrunePlan(state, policy: policy, grace: .seconds(graceDays * 86_400), chosen: chosen)
    }

    /// Backups of one a day, the first the oldest; each needs an object of its own and the common object 0.
    private func state(days: Int) throws -> PruneState {
        var state = PruneState(now: Self.now)
        for day in 1...days {
            let time = Self.now - Double(days - day) * 86_400 - 60
            let own = try id(day)
            let first = try id(1)
            state.backups.append(
                PruneState.Backup(
                    id: own,
                    storedAt: time,
                    content: .readable(
                        BackupEntry(
                            id: own,
                            time: time,
                            predecessor: day > 1 ? try id(day - 1) : nil,
                            objects: [try reference(0, run: first), try reference(day, run: own)]
                        ))
                ))
            state.objects.append(BlobEntry(name: try name(day), size: 10, modified: time))
            state.runKeys[own] = BlobEntry(name: try Layout.runKey(own), size: 300, modified: time)
        }
        state.objects.append(BlobEntry(name: try name(0), size: 10, modified: state.backups[0].storedAt))
        return state
    }

    private func delete(_ id: BackupID, daysAgo: Double, in state: inout PruneState) {
        var marks = BackupMarks()
        marks.deleted = (1, state.now - daysAgo * 86_400)
        marks.names = [MarkName(.deleted, id, order: 1)]
        state.marks.setMarks(marks, of: id)
    }

    @Test func `what no rule keeps is marked, and nothing is removed yet`() throws {
        let plan = try plan(try state(days: 5), last: 2)
        #expect(plan.deletions == [try id(1), try id(2), try id(3)])
        #expect(plan.manifests.isEmpty && plan.objects.isEmpty && plan.runKeys.isEmpty && plan.marks.isEmpty)
        #expect(plan.findings.isEmpty && plan.obstacle == nil)
        #expect(plan.backups.map(\.id) == (try (1...5).reversed().map { try id($0) }))
    }

    @Test func `after the grace time the manifest goes, and objects and keys that nothing needs any more`() throws {
        var state = try state(days: 12)
        delete(try id(1), daysAgo: 7, in: &state)
        delete(try id(2), daysAgo: 6.9, in: &state)
        let plan = try plan(state, last: 10)
        #expect(plan.manifests == [try id(1)])
        // Object 0 is of run 1 and still needed, and so is the key of run 1.
        #expect(plan.objects.map(\.name) == [try name(1)])
        #expect(plan.runKeys.isEmpty)
        #expect(plan.freedBytes == 10)
        // Backup 2 names backup 1 as the one before it: that 1 was deleted is remembered.
        #expect(plan.marks.isEmpty)
    }

    @Test func `that a backup was deleted is forgotten when no manifest names it`() throws {
        var state = try state(days: 3)
        state.marks.setMarks(
            {
                var marks = BackupMarks()
                marks.deleted = (1, Self.now)
                marks.names = [MarkName(.deleted, $0, order: 1)]
                return marks
            }(try id(9)), of: try id(9))
        #expect(try plan(state, last: 3).marks == [MarkName(.deleted, try id(9), order: 1)])
    }

    @Test func `a manifest that cannot be read stops every removal, and says why`() throws {
        for (failure, obstacle) in [(FailureClass.corrupt, FailureClass.corrupt), (.wrongKey, .wrongKey)] {
            var state = try state(days: 12)
            delete(try id(1), daysAgo: 9, in: &state)
            state.backups[6].content = .unreadable(failure, "manifests/7 is bad.")
            let plan = try plan(state, last: 1)
            #expect(plan.obstacle == obstacle)
            #expect(plan.manifests.isEmpty && plan.objects.isEmpty && plan.runKeys.isEmpty && plan.marks.isEmpty)
            #expect(plan.findings.contains { $0.subject == "\(state.backups[6].id)" && $0.severity == .error })
            #expect(plan.deletions.count == 9)
            #expect(!plan.deletions.contains(state.backups[6].id))
        }
    }

    @Test func `a lost backup can be deleted by name, and stands in nobody's way after the grace time`() throws {
        var state = try state(days: 4)
        state.backups[1].content = .unreadable(.corrupt, "manifests/2 is bad.")
        #expect(try plan(state, last: 9, chosen: [try id(2)]).deletions == [try id(2)])
        delete(try id(2), daysAgo: 8, in: &state)
        let plan = try plan(state, last: 9)
        #expect(plan.manifests == [try id(2)])
        #expect(plan.obstacle == nil)
    }

    @Test func `the newest and the newest verified one cannot be deleted by name`() throws {
        var state = try state(days: 4)
        var marks = BackupMarks()
        marks.verifiedAt = Self.now
        state.marks.setMarks(marks, of: try id(2))
        for number in [2, 4] {
            let error = #expect(throws: RepositoryError.self) { try plan(state, last: 9, chosen: [try id(number)]) }
            #expect(error?.failureClass == .refused)
        }
        #expect(try plan(state, last: 9, chosen: [try id(3)]).deletions == [try id(3)])
        let error = #expect(throws: RepositoryError.self) { try plan(state, last: 9, chosen: [try id(77)]) }
        #expect(error?.failureClass == .notFound)
    }

    @Test func `a backup from the future neither counts nor goes`() throws {
        var state = try state(days: 4)
        let future = try id(8)
        state.backups.append(
            PruneState.Backup(
                id: future,
                storedAt: Self.now,
                content: .readable(
                    BackupEntry(id: future, time: Self.now + 1e7, predecessor: nil, objects: []))
            ))
        let plan = try plan(state, last: 1)
        #expect(plan.deletions == [try id(1), try id(2), try id(3)])
        #expect(plan.findings.map(\.code) == ["backup.from-the-future"])
        #expect(try self.plan(state, last: 1, chosen: [future]).deletions.contains(future))
    }

    @Test func `the last hope is not removed: the newest verified one, or the newest that can be read`() throws {
        var state = try state(days: 3)
        for number in 1...3 { delete(try id(number), daysAgo: 30, in: &state) }
        #expect(try plan(state, last: 1).manifests == [try id(1), try id(2)])
        var marks = try #require(state.marks.marks[try id(1)])
        marks.verifiedAt = Self.now
        state.marks.setMarks(marks, of: try id(1))
        #expect(try plan(state, last: 1).manifests == [try id(2)])
    }

    @Test func `what a killed run left goes when it is older than the grace time, its key when nothing of it is left`()
        throws
    {
        var state = try state(days: 3)
        let dead = try id(7)
        state.runKeys[dead] = BlobEntry(name: try Layout.runKey(dead), size: 1, modified: Self.now - 9 * 86_400)
        state.objects.append(BlobEntry(name: try name(70), size: 5, modified: Self.now - 9 * 86_400))
        state.objects.append(BlobEntry(name: try name(71), size: 5, modified: Self.now - 6 * 86_400))
        state.objects.append(BlobEntry(name: try name(72), size: 5, modified: nil))
        let plan = try plan(state, last: 3)
        #expect(plan.objects.map(\.name) == [try name(70)])
        #expect(plan.runKeys.isEmpty, "the next backup may use an object that is left")
        state.objects.removeLast(2)
        #expect(try self.plan(state, last: 3).runKeys == [dead])
    }

    @Test func `a backup that was brought back stays for the grace time`() throws {
        var state = try state(days: 4)
        var marks = BackupMarks()
        marks.deleted = (1, Self.now - 90_000)
        marks.restored = (1, Self.now - 80_000)
        state.marks.setMarks(marks, of: try id(1))
        #expect(try plan(state, last: 1).deletions == [try id(2), try id(3)])
        marks.restored = (1, Self.now - 8 * 86_400)
        state.marks.setMarks(marks, of: try id(1))
        #expect(try plan(state, last: 1).deletions.contains(try id(1)))
    }

    @Test func `nothing that a remaining backup needs is ever removed, for random repositories`() throws {
        var random = FixedNumbers(3)
        for number in 0..<400 {
            let state = try randomState(&random)
            let grace = Int.random(in: 0...20, using: &random)
            let plan = try plan(state, last: Int.random(in: 1...6, using: &random), graceDays: grace)
            var shuffled = state
            shuffled.backups.shuffle(using: &random)
            shuffled.objects.shuffle(using: &random)
            let again = try self.plan(shuffled, last: plan.policy.last, graceDays: grace)
            #expect(Set(again.objects) == Set(plan.objects) && again.deletions == plan.deletions, "\(number): order")

            let remaining = state.backups.filter { !plan.manifests.contains($0.id) }
            let needed = Set(remaining.compactMap(\.entry).flatMap(\.objects))
            let removed = Set(plan.objects.map(\.name))
            #expect(removed.isDisjoint(with: needed.map(\.name)), "\(number): needed objects stay")
            #expect(Set(plan.runKeys).isDisjoint(with: needed.map(\.run)), "\(number): needed keys stay")
            if remaining.contains(where: { $0.entry == nil }) {
                #expect(plan.manifests.isEmpty && removed.isEmpty && plan.runKeys.isEmpty, "\(number): all or nothing")
            }
            let limit = state.now - Double(grace) * 86_400
            for object in state.objects where removed.contains(object.name) {
                #expect(try #require(object.modified) <= limit, "\(number): young objects stay")
            }
            #expect(Set(plan.backups.map(\.id)) == Set(state.backups.map(\.id)), "\(number): each has a fate")
            #expect(Set(plan.deletions).isDisjoint(with: plan.manifests), "\(number): one step a time")
            #expect(
                state.backups.allSatisfy { $0.entry == nil } || remaining.contains { $0.entry != nil },
                "\(number): one stays")
            for entry in remaining.compactMap(\.entry) {
                guard let before = entry.predecessor, let marks = state.marks.marks[before], marks.isDeleted else {
                    continue
                }
                #expect(!plan.marks.contains(MarkName(.deleted, before, order: 1)), "\(number): no gap arises")
            }
        }
    }

    private func randomState(_ random: inout FixedNumbers) throws -> PruneState {
        var state = try state(days: Int.random(in: 1...12, using: &random))
        for place in state.backups.indices {
            let id = state.backups[place].id
            switch Int.random(in: 0..<10, using: &random) {
            case 0...3: delete(id, daysAgo: Double.random(in: 0...40, using: &random), in: &state)
            case 4 where Bool.random(using: &random): state.backups[place].content = .unreadable(.corrupt, "bad.")
            default: break
            }
            if Int.random(in: 0..<4, using: &random) == 0 {
                var marks = state.marks.marks[id] ?? BackupMarks()
                marks.verifiedAt = state.now
                state.marks.setMarks(marks, of: id)
            }
        }
        for number in 100..<(100 + Int.random(in: 0...5, using: &random)) {
            let age = Double.random(in: 0...40, using: &random) * 86_400
            state.objects.append(BlobEntry(name: try name(number), size: 7, modified: state.now - age))
        }
        return state
    }
}
