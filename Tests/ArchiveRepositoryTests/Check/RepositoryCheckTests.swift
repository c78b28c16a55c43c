import Diagnostics
import Foundation
import SealedStreams
import Testing

@testable import ArchiveRepository

@Suite("Repository check")
struct RepositoryCheckTests {
    private struct Bench {
        let repository: TestRepository
        let ids: [BackupID]
        var store: TestStore { repository.store }

        init() throws {
            repository = try TestRepository()
            var ids: [BackupID] = []
            for day in 0..<3 {
                ids.append(try repository.backup(["public.trips", "public.own_\(day)"], after: ids.last))
                repository.clock.advance(days: 1)
            }
            self.ids = ids
        }

        func check(
            _ depth: CheckDepth = CheckDepth(),
            open: RepositoryCheck.Opener? = nil
        ) throws -> CheckReport {
            try RepositoryCheck(
                records: repository.records, index: repository.index, open: open, process: .test(pid: 1)
            ).run(depth)
        }

        /// The object in which a table of the newest backup is.
        func object(_ table: String) throws -> BlobName {
            let objects = try ids.flatMap { try repository.index.entry(of: $0).objects }
            return try #require(objects.first { $0.subjects == [table] }).name
        }

        func flip(_ name: BlobName, at place: Int) throws {
            var bytes = try #require(store.objects[name]).bytes
            bytes[place < 0 ? bytes.count + place : place] ^= 1
            store.overwrite(name, bytes)
        }
    }

    @Test func `a sound repository has no findings`() throws {
        let bench = try Bench()
        let report = try bench.check()
        #expect(report.findings.isEmpty && report.failureClass == nil, "\(report.findings)")
        #expect(report.backups == 3 && report.objects == 4 && report.checkedCodes == 4 && report.opened == 0)
        #expect(report.orphans == CheckReport.Orphans(objects: 0, bytes: 0))
    }

    @Test func `a missing object names the backups and tables it touches`() throws {
        let bench = try Bench()
        bench.store.overwrite(try bench.object("public.trips"), nil)
        bench.store.overwrite(try bench.object("public.own_1"), nil)
        let report = try bench.check()
        #expect(report.failureClass == .corrupt)
        let problems = report.problems.sorted { $0.backups.count > $1.backups.count }
        #expect(problems.map(\.kind) == [.missing, .missing])
        #expect(problems.map(\.backups) == [bench.ids, [bench.ids[1]]])
        #expect(problems.map(\.tables) == [["public.trips"], ["public.own_1"]])
        let text = try #require(problems.first).finding.message
        #expect(text.contains("3 backups, \(bench.ids[0]) to \(bench.ids[2]): public.trips"))
    }

    @Test func `a damaged entry of the ledger of egress is damage that touches no backup`() throws {
        let bench = try Bench()
        let note = EgressNote(source: "ref", hasBackup: true, bytes: 1, tables: [:])
        try EgressLedger(records: bench.repository.records).add(note, of: bench.ids[0])
        #expect(try bench.check().failureClass == nil)
        let name = try EgressEntryName(bench.ids[0]).blob
        try bench.flip(name, at: -1)
        let report = try bench.check()
        #expect(report.failureClass == .corrupt)
        #expect(report.problems.map(\.object) == [name] && report.problems.allSatisfy(\.backups.isEmpty))
    }

    @Test(arguments: [0, 4, 5, 6, 9, 20, 50, 80, -40, -1])
    func `a flipped bit is found by the code, without the identity`(place: Int) throws {
        let bench = try Bench()
        try bench.flip(try bench.object("public.own_2"), at: place)
        let report = try bench.check()
        #expect(report.failureClass == .corrupt)
        #expect(report.problems.map(\.kind) == [.damaged])
        #expect(report.problems.first?.backups == [bench.ids[2]])
        var quick = CheckDepth()
        quick.readsCodes = false
        #expect(try bench.check(quick).failureClass == nil, "names and lengths alone do not show it")
    }

    @Test func `an object that was cut, emptied or exchanged is damaged`() throws {
        for number in 0..<3 {
            let bench = try Bench()
            let name = try bench.object("public.own_2")
            let bytes = try #require(bench.store.objects[name]).bytes
            let other = try #require(bench.store.objects[try bench.object("public.own_1")]).bytes
            bench.store.overwrite(name, [Array(bytes.dropLast()), [], other][number])
            let report = try bench.check()
            #expect(report.problems.map(\.kind) == [.damaged] && report.failureClass == .corrupt, "\(number)")
        }
    }

    @Test func `a damaged manifest is found, and what nobody needs cannot be told any more`() throws {
        let bench = try Bench()
        try bench.flip(try Layout.manifest(bench.ids[1]), at: 100)
        let report = try bench.check()
        #expect(report.failureClass == .corrupt && report.backups == 2 && report.orphans == nil)
        #expect(report.problems.map(\.object) == [try Layout.manifest(bench.ids[1])])
        #expect(report.findings.contains { $0.code == "repository.orphans-unknown" })
    }

    @Test func `the missing key of a run touches all that it stored`() throws {
        let bench = try Bench()
        bench.store.overwrite(try Layout.runKey(bench.ids[0]), nil)
        let report = try bench.check()
        #expect(report.failureClass == .corrupt)
        #expect(report.problems.first?.backups == bench.ids)
        #expect(report.problems.first?.tables == ["public.own_0", "public.trips"])
    }

    @Test func `the code of every object is right and a chosen part of them is opened`() throws {
        let bench = try Bench()
        let bad = try bench.object("public.own_1")
        var depth = CheckDepth()
        depth.opens = .all
        let opened = Counter()
        let report = try bench.check(depth) { reference in
            opened.enter()
            if reference.name == bad { throw RepositoryError.corrupt("\(bad)", "does not decode") }
        }
        #expect(opened.most == 4 && report.opened == 3 && report.checkedCodes == 4)
        #expect(report.problems.map(\.object) == [bad] && report.failureClass == .corrupt)
        for (size, expected) in [(SampleSize.share(0.5), 2), (.share(0.01), 1), (.count(3), 3), (.count(9), 4)] {
            depth.opens = size
            #expect(try bench.check(depth, open: { _ in }).opened == expected, "\(size)")
        }
    }

    @Test func `a backup that vanished leaves a gap, one that a prune removed does not`() throws {
        let bench = try Bench()
        _ = try bench.repository.pruning().run(bench.repository.options(last: 2))
        bench.repository.clock.advance(days: 8)
        _ = try bench.repository.pruning().run(bench.repository.options(last: 2))
        #expect(try bench.repository.repository.backups() == Array(bench.ids[1...]))
        #expect(try bench.check().failureClass == nil)

        bench.store.overwrite(try Layout.manifest(bench.ids[1]), nil)
        let report = try bench.check()
        #expect(report.failureClass == .corrupt)
        let gap = try #require(report.findings.first { $0.code == "repository.gap" })
        #expect(gap.subject == "\(bench.ids[1])")
    }

    @Test func `orphans are a note, foreign objects and forged marks and claims are findings`() throws {
        let bench = try Bench()
        try bench.repository.killedRun(["orphan"])
        bench.repository.clock.advance(5 * 3_600)
        var report = try bench.check()
        #expect(report.failureClass == nil && report.orphans?.objects == 1)
        #expect(report.findings.map(\.code) == ["repository.orphaned"])
        #expect(report.findings.first?.message.contains("5 hours") == true)

        bench.store.overwrite("README.txt", [1, 2, 3])
        bench.store.overwrite(try MarkName(.deleted, bench.ids[0], order: 1).blob, [1])
        bench.store.overwrite(try Layout.claim(of: bench.ids[0], number: 1), [1])
        report = try bench.check()
        #expect(report.failureClass == .findings)
        let codes = Set(report.findings.map(\.code))
        #expect(
            codes == [
                "repository.orphaned", "repository.foreign", "repository.forged-mark", "repository.forged-claim",
            ])
    }

    @Test func `a run at work is a note, and a check beside it changes nothing`() throws {
        let bench = try Bench()
        let held = try bench.repository.keeper().take(.backup, command: "backup create")
        let before = bench.store.objects
        let report = try bench.check()
        #expect(report.findings.map(\.code) == ["repository.claimed"] && report.failureClass == nil)
        #expect(bench.store.objects == before)
        held.release()
    }

    @Test func `what was sealed by other keys is not checked, and the check says so`() throws {
        let bench = try Bench()
        let made = try bench.repository.repository.newGeneration(passphrase: nil)
        let other = try bench.repository.repository.writer(key: made.generation.writerKey)
        let check = RepositoryCheck(
            records: SealedRecords(writer: other), index: TestIndex(access: other), open: nil, process: .test(pid: 1))
        let report = try check.run()
        #expect(report.failureClass == .findings && report.backups == 0)
        #expect(report.problems.map(\.kind) == [.unreadable, .unreadable, .unreadable])
        let reader = try bench.repository.repository.reader(.identities([bench.repository.identity]))
        let whole = RepositoryCheck(
            records: SealedRecords(reading: reader), index: TestIndex(access: reader), open: nil,
            process: .test(pid: 1))
        #expect(try whole.run().failureClass == nil)
    }

    @Test func `a backup from the future is a finding`() throws {
        let bench = try Bench()
        try bench.repository.backup(["x"], after: bench.ids.last, time: bench.repository.clock.now + 90_000)
        let report = try bench.check()
        #expect(report.failureClass == .findings && report.findings.map(\.code) == ["backup.from-the-future"])
    }

    @Test func `a manifest that contradicts another one about an object is found`() throws {
        let bench = try Bench()
        let entry = try bench.repository.index.entry(of: bench.ids[2])
        let other = try #require(try bench.repository.index.entry(of: bench.ids[0]).objects.first)
        let lie = TestManifest.Object(
            name: other.name, bytes: other.storedBytes, code: other.code, run: bench.ids[2], table: "public.lie")
        let run = try bench.repository.writer.beginRun(now: bench.repository.clock.now)
        let manifest = TestManifest(time: entry.time, predecessor: bench.ids[2], objects: [lie])
        try run.commit(manifest: Array(try JSONEncoder().encode(manifest)))
        let report = try bench.check()
        #expect(report.failureClass == .corrupt)
        #expect(report.problems.contains { $0.object == other.name && $0.reason.contains("differently") })
    }

    @Test func `the key of a run that does not open is found, also when nobody needs it yet`() throws {
        let bench = try Bench()
        let reader = try bench.repository.repository.reader(.identities([bench.repository.identity]))
        func check(_ records: SealedRecords) throws -> CheckReport {
            try RepositoryCheck(
                records: records, index: bench.repository.index, open: nil, process: .test(pid: 1)
            ).run()
        }
        try bench.repository.killedRun(["orphan"])
        let needed = try Layout.runKey(bench.ids[0])
        let orphan = try #require(
            bench.store.objects.keys.filter { $0.description.hasPrefix("runs/") }.max { $0 < $1 })
        try bench.flip(needed, at: 100)
        try bench.flip(orphan, at: 100)
        let report = try check(SealedRecords(reading: reader))
        let problem = try #require(report.problems.first)
        #expect(report.problems.count == 1 && problem.object == needed && problem.backups == bench.ids)
        #expect(problem.tables == ["public.own_0", "public.trips"])
        #expect(report.findings.contains { $0.code == "repository.unusable-run-key" && $0.subject == "\(orphan)" })
        // Without the identity it is seen that a file was cut, not that a bit of it was flipped.
        let bytes = try #require(bench.store.objects[orphan]).bytes
        bench.store.overwrite(orphan, Array(bytes.prefix(60)))
        let blind = try check(bench.repository.records)
        #expect(blind.findings.contains { $0.code == "repository.unusable-run-key" && $0.subject == "\(orphan)" })
    }
}
