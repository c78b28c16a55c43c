import ArchiveRepository
import Diagnostics
import Foundation
import LocalPostgres
import PostgresClient
import PostgresTesting
import Testing

@testable import LogicalBackup

/// Nights between which the repository changes hands: other databases, prunes, new keys, runs that were killed.
@Suite("What has changed, with other runs between", .tags(.server))
struct OtherBackupTests {
    private static let fill = """
        create table large (id int primary key, note text);
        insert into large select g, repeat(md5(g::text), 8) from generate_series(1, 8000) g;
        """

    /// A copy has the same tables in the same files with the same rows in the same places; then it goes its own way.
    @Test(.scratchDatabase) func `databases that share a repository are not compared with one another`() async throws {
        let scratch = try ScratchDatabase.current
        let source = try await scratch.emptyDatabase()
        let filling = try await Session.connect(to: source, applicationName: "wheels-db/test")
        try await filling.executeScript(Self.fill)
        await filling.close()
        let copy = try await scratch.copy(of: #require(source.database))
        let nights = try await Nights(source, scratch)
        let others = try await Nights(copy, scratch, into: nights.repository)
        _ = try await nights.night("the first")
        try await nights.run("update large set note = 'here' where id = 5")
        try await others.run("update large set note = 'there' where id = 5")
        for round in 0..<2 {
            let other = try await others.night("the copy, round \(round)")
            #expect(try other.summary().comparison == .none)
            let reason = try "The last backup is of another database, \(#require(source.database))."
            #expect(try other.summary().reason == reason)
            #expect(try await nights.night("the original, round \(round)").summary().comparison == .none)
        }
        #expect(try await nights.night("the original again").summary().pagesRead == 0)
    }

    /// Another database under the name of the old one: a copy of an earlier state, in which life went on otherwise.
    @Test(.scratchDatabase) func `a database that was put back to a copy of itself is told from what it was`()
        async throws
    {
        let scratch = try ScratchDatabase.current
        let source = try await scratch.emptyDatabase()
        let name = try #require(source.database)
        func connected(_ script: String) async throws {
            let session = try await Session.connect(to: source, applicationName: "wheels-db/test")
            try await session.executeScript(script)
            await session.close()
        }
        try await connected(Self.fill)
        let copy = try #require(try await scratch.copy(of: name).database)
        try await connected("update large set note = 'first life' where id between 5 and 9")
        let repository = try ScratchRepository()
        _ = try await repository.backUp(source)
        try await scratch.server.dropDatabase(named: name)
        try await scratch.server.copyDatabase(copy, as: name)
        try await connected("update large set note = 'second life' where id between 5 and 9")
        let nights = try await Nights(source, scratch, into: repository)
        let manifest = try await nights.night("the second life")
        #expect(try manifest.summary().comparison == .identity)
        #expect(nights.readings["large"] == .inPart)
    }

    @Test(.scratchDatabase) func `a prune takes nothing that the next backup refers to`() async throws {
        let nights = try await Nights(try .current)
        try await nights.run(Self.fill)
        let first = try await nights.night("the first")
        for night in 0..<3 {
            try await nights.run("update large set note = 'night \(night)' where id % 2000 = \(night)")
            _ = try await nights.night("night \(night)")
        }
        // The second prune removes what the first one marked.
        for _ in 0..<2 { try nights.prune() }
        #expect(try nights.repository.repository.backups().count == 1)
        let kept = try await nights.night("after the prune")
        #expect(try kept.summary().pagesRead == 0)
        #expect(try kept.table("large").chunks.contains { $0.pieces[0].object.run.description == first.backup })
        try await nights.expectRestore(of: kept)
        try await nights.run("truncate large")
        _ = try await nights.night("emptied")
        for _ in 0..<2 { try nights.prune() }
        try await nights.run(
            "insert into large select g, repeat(md5(g::text), 8) from generate_series(1, 8000) g")
        try await nights.expectRestore(of: try await nights.night("the same rows again"))
    }

    @Test(.scratchDatabase) func `backups that were deleted or brought back leave the others whole`() async throws {
        let nights = try await Nights(try .current)
        try await nights.run(Self.fill)
        let first = try await nights.night("the first")
        try await nights.run("delete from large where id < 100")
        let second = try await nights.night("the second")
        try nights.prune(choosing: first.backup)
        try await nights.run("delete from large where id < 200")
        let third = try await nights.night("the third")
        #expect(try third.summary().comparedWith == second.backup)
        #expect(nights.readings["large"] == .inPart)
        let records = SealedRecords(writer: nights.repository.writer)
        _ = try UndeleteRun(records: records).undelete(first.backup)
        try nights.prune(choosing: second.backup)
        try nights.prune(choosing: second.backup)
        #expect(try nights.repository.repository.backups().map(\.description) == [first.backup, third.backup])
        try await nights.expectRestore(of: first)
        try await nights.expectRestore(of: try await nights.night("the fourth"))
    }

    @Test(.scratchDatabase) func `with keys of a new generation nothing of the old one is referred to`() async throws {
        let scratch = try ScratchDatabase.current
        let nights = try await Nights(scratch)
        try await nights.run(Self.fill)
        let first = try await nights.night("by the old keys")
        let rotated = try await Nights(
            nights.source, scratch, into: try ScratchRepository(rotating: nights.repository))
        let second = try await rotated.night("by the new keys")
        #expect(try second.summary().reason == "It is the first backup of its keys.")
        #expect(Set(second.objects.map(\.name)).isDisjoint(with: first.objects.map(\.name)))
        #expect(!second.objects.contains { $0.run.description == first.backup })
        #expect(try await rotated.night("and again").summary().pagesRead == 0)
        try await rotated.expectRestore(of: second)
        try await nights.expectRestore(of: first)
    }

    /// What a run leaves that was killed just before its manifest: objects and a key, which the next run takes up.
    @Test(.scratchDatabase) func `a backup that was killed between two nights is taken up by the next`() async throws {
        let nights = try await Nights(try .current)
        try await nights.run(Self.fill)
        _ = try await nights.night("the first")
        try await nights.run("update large set note = 'changed' where id % 1000 = 0")
        let killed = try await nights.night("the killed one")
        try FileManager.default.removeItem(at: nights.file("manifests/\(killed.backup)"))
        let second = try await nights.night("the second")
        // It read the same ranges and found them stored.
        #expect(try second.table("large").chunks == killed.table("large").chunks)
        try await nights.run("delete from large where id % 1000 = 1")
        try await nights.expectRestore(of: try await nights.night("the third"))
    }
}

extension Nights {
    /// Deletes what is not the newest, or one chosen backup, and removes what was deleted before.
    fileprivate func prune(choosing chosen: String? = nil) throws {
        var policy = RetentionPolicy()
        policy.last = 1
        var options = PruneRun.Options(policy: policy, grace: .zero)
        if let chosen, let id = BackupID(chosen) {
            options.policy.last = 100
            options.chosen = [id]
        }
        let writer = repository.writer
        let index = ManifestIndex(access: writer)
        let report = try PruneRun(records: SealedRecords(writer: writer), index: index).run(options)
        #expect(report.failureClass == nil)
    }
}
