import Diagnostics
import Foundation
import SealedStreams
import Testing

@testable import ArchiveRepository

@Suite("Prune")
struct PruneRunTests {
    /// Backups of one a day, each with a common, a shared and an own object; the first is the oldest.
    private func repository(days: Int) throws -> (TestRepository, [BackupID]) {
        let repository = try TestRepository()
        var ids: [BackupID] = []
        for day in 0..<days {
            ids.append(try repository.backup(["common", "shared \(day / 2)", "own \(day)"], after: ids.last))
            repository.clock.advance(days: 1)
        }
        return (repository, ids)
    }

    @Test func `deleting marks, undeleting brings back, and after the grace time it is removed`() throws {
        let (repository, ids) = try repository(days: 4)
        let before = repository.store.names
        let first = try repository.pruning().run(repository.options(last: 2))
        #expect(first.plan.deletions == Array(ids[0...1]) && first.removedObjects == 0 && first.failureClass == nil)
        #expect(Set(repository.store.names).isSuperset(of: before))
        #expect(try repository.isDeleted(ids[0]) && repository.isDeleted(ids[1]) && !repository.isDeleted(ids[2]))

        let undelete = UndeleteRun(records: repository.records, keeper: repository.keeper())
        #expect(try undelete.undelete(ids[1].description) == ids[1])
        #expect(try !repository.isDeleted(ids[1]))

        // It stays for the grace time, and is then deleted again.
        #expect(try repository.pruning().run(repository.options(last: 2)).plan.deletions.isEmpty)
        repository.clock.advance(days: 8)
        let second = try repository.pruning().run(repository.options(last: 2))
        #expect(second.plan.manifests == [ids[0]] && second.plan.deletions == [ids[1]])
        #expect(try repository.repository.backups() == Array(ids[1...]))
        try repository.requireWhole()
        repository.clock.advance(days: 8)
        let third = try repository.pruning().run(repository.options(last: 2))
        #expect(third.plan.manifests == [ids[1]])
        #expect(third.plan.objects.count == 2, "own 1 and shared 0")
        try repository.requireWhole()
        // The key of the first run opens the common object, the second run's key opens nothing any more.
        #expect(try repository.store.size(of: Layout.runKey(ids[0])) != nil)
        #expect(try repository.store.size(of: Layout.runKey(ids[1])) == nil)
        #expect(try repository.store.list("claims/").isEmpty)
        #expect(repository.store.names.filter { $0.hasPrefix("marks/") } == ["marks/deleted/\(ids[1])/2"])
    }

    @Test func `a second prune of the same repository changes nothing`() throws {
        let (repository, _) = try repository(days: 5)
        for _ in 0..<3 {
            _ = try repository.pruning().run(repository.options(last: 2))
            repository.clock.advance(days: 8)
        }
        let names = repository.store.names
        let report = try repository.pruning().run(repository.options(last: 2))
        #expect(repository.store.names == names)
        #expect(report.plan.deletions.isEmpty && report.removedObjects == 0)
    }

    @Test func `a dry run touches nothing and asks for no claim`() throws {
        let (repository, ids) = try repository(days: 3)
        let held = try repository.keeper().take(.backup, command: "backup create")
        let before = repository.store.objects
        var options = repository.options(last: 1)
        options.isDryRun = true
        #expect(try repository.pruning().run(options).plan.deletions == Array(ids[0...1]))
        #expect(repository.store.objects == before)
        held.release()
    }

    @Test func `a policy without a rule is refused, a wrong clock is refused, a running backup locks`() throws {
        let (repository, _) = try repository(days: 3)
        let before = repository.store.objects
        #expect(failureClass { _ = try repository.pruning().run(repository.options(last: 0)) } == .usage)
        for seconds in [-3_700.0, 3_700] {
            var options = repository.options(last: 1)
            let clock = repository.clock
            options.clock = { clock.now + seconds }
            #expect(failureClass { _ = try repository.pruning().run(options) } == .refused)
        }
        #expect(repository.store.objects == before)
        let held = try repository.keeper().take(.backup, command: "backup create")
        #expect(failureClass { _ = try repository.pruning().run(repository.options(last: 1)) } == .locked)
        held.release()
        _ = try repository.pruning().run(repository.options(last: 1))
    }

    @Test func `credentials that may not delete mark all the same, and removing says so`() throws {
        let (repository, ids) = try repository(days: 3)
        repository.store.setMayDelete(false)
        #expect(try repository.pruning().run(repository.options(last: 1)).plan.deletions == Array(ids[0...1]))
        #expect(try repository.isDeleted(ids[0]))
        repository.clock.advance(days: 8)
        let error = #expect(throws: RepositoryError.self) {
            try repository.pruning().run(repository.options(last: 1))
        }
        #expect(error?.failureClass == .permission)
        #expect(error?.summary.contains("0 of 7 objects were removed") == true)
        repository.store.setMayDelete(true)
        let report = try repository.pruning().run(repository.options(last: 1))
        #expect(report.plan.manifests == Array(ids[0...1]))
        #expect(try repository.store.list("claims/").isEmpty, "what the others could not clean up is gone")
        try repository.requireWhole()
    }

    @Test func `an orphaned object that the next backup takes up is never left without its key`() throws {
        let (repository, ids) = try repository(days: 2)
        try repository.killedRun(["orphan 1", "orphan 2"])
        repository.clock.advance(days: 6)
        try repository.killedRun(["orphan 3"])
        repository.clock.advance(days: 2)
        _ = try repository.pruning().run(repository.options(last: 9))
        try repository.backup(["orphan 3", "common"], after: ids.last)
        try repository.requireWhole()
        repository.clock.advance(days: 9)
        _ = try repository.pruning().run(repository.options(last: 9))
        try repository.requireWhole()
        #expect(try repository.store.list("chunks/").count == 5)
    }

    @Test func `killed after any call of the store, the repository is good and the next prune ends the work`() throws {
        let (origin, ids) = try repository(days: 4)
        try origin.killedRun(["orphan"])
        _ = try origin.pruning().run(origin.options(last: 2))
        origin.clock.advance(days: 8)
        let expected = try origin.copy()
        _ = try expected.pruning().run(expected.options(last: 1))
        var calls = 0
        while true {
            let repository = try origin.copy()
            let start = repository.store.calls
            repository.store.die(afterCalls: calls)
            let died =
                failureClass {
                    _ = try repository.pruning().run(repository.options(last: 1))
                } != nil
            let hadEnough = repository.store.calls - start <= calls
            repository.store.die(afterCalls: .max)
            try repository.requireWhole("after \(calls) calls")
            #expect(try repository.repository.backups().contains(ids[3]), "after \(calls) calls")
            let check = try RepositoryCheck(records: repository.records, index: repository.index).run()
            #expect(check.failureClass == nil, "after \(calls) calls: \(check.findings)")

            // A claim that was left behind is dead after half an hour; the grace time of marks does not pass meanwhile.
            let next = try repository.copy()
            next.clock.advance(1_801)
            _ = try next.pruning(.test(pid: 2)).run(next.options(last: 1))
            next.clock.advance(-1_801)
            #expect(next.store.names == expected.store.names, "after \(calls) calls")
            try next.requireWhole("after \(calls) calls and a second prune")
            if hadEnough {
                #expect(!died)
                break
            }
            calls += 1
        }
        #expect(calls > 30, "there were calls to die between")
    }

    @Test func `a manifest of other keys stops every removal, and the identity opens the way`() throws {
        let (repository, ids) = try repository(days: 3)
        let made = try repository.repository.newGeneration(passphrase: nil)
        let other = try repository.repository.writer(key: made.generation.writerKey)
        let run = try other.beginRun(now: repository.clock.now)
        let manifest = TestManifest(time: repository.clock.now, predecessor: nil, objects: [])
        try run.commit(manifest: Array(try JSONEncoder().encode(manifest)))
        _ = try repository.pruning().run(repository.options(last: 1))
        repository.clock.advance(days: 8)
        let before = try repository.store.list("").filter { !$0.name.description.hasPrefix("marks/") }
        let report = try repository.pruning().run(repository.options(last: 1))
        #expect(report.failureClass == .wrongKey)
        #expect(try repository.store.list("").filter { !$0.name.description.hasPrefix("marks/") } == before)

        let reader = try repository.repository.reader(.identities([repository.identity]))
        let records = SealedRecords(writer: other, access: reader)
        let keeper = ClaimKeeper(
            records: records, process: .test(pid: 1), timing: ClaimTiming(), uptime: { .zero }, pause: { _ in })
        let whole = try PruneRun(records: records, index: TestIndex(access: reader), keeper: keeper)
            .run(repository.options(last: 1))
        #expect(whole.failureClass == nil)
        #expect(whole.plan.manifests == Array(ids[0...1]))
    }

    @Test func `undelete says what is not deleted, what is ambiguous and what is gone`() throws {
        let (repository, ids) = try repository(days: 4)
        let undelete = UndeleteRun(records: repository.records, keeper: repository.keeper())
        #expect(failureClass { _ = try undelete.undelete(ids[0].description) } == .notFound)
        _ = try repository.pruning().run(repository.options(last: 1))
        #expect(throws: RepositoryError.self) { try undelete.undelete("2027") }
        #expect(throws: RepositoryError.self) { try undelete.undelete("") }
        repository.clock.advance(days: 8)
        _ = try repository.pruning().run(repository.options(last: 1))
        let error = #expect(throws: RepositoryError.self) { try undelete.undelete(ids[2].description) }
        #expect(error?.code == "backup.removed" && error?.failureClass == .notFound)
        #expect(try repository.store.list("claims/").isEmpty)
    }
}
