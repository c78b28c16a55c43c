import ArchiveRepository
import Foundation
import LogicalBackup
import PostgresTesting
import Testing

@Suite("What has changed since the last backup", .tags(.server))
struct IncrementalTests {
    private static let wide = """
        create table wide (id int primary key, note text, amount numeric, at timestamptz);
        insert into wide select g, repeat(md5(g::text), 8), g / 100.0, '2026-01-01'::timestamptz + g * interval '1 minute'
          from generate_series(1, 20000) g;
        """

    @Test(.scratchDatabase) func `nothing is read when nothing has changed`() async throws {
        let nights = try await Nights(try .current)
        try await nights.run(Self.wide)
        let first = try await nights.night()
        let second = try await nights.night()
        let summary = try second.summary()
        #expect(try first.summary().comparison == .none)
        #expect(summary.comparison == .identity && summary.comparedWith == first.backup)
        #expect(summary.pagesRead == 0 && summary.tablesUnchanged == 1)
        #expect(try second.table("wide").chunks == first.table("wide").chunks)
        #expect(second.rangeIndex == first.rangeIndex)
    }

    @Test(.scratchDatabase) func `only the ranges that were written to are read`() async throws {
        let nights = try await Nights(try .current)
        try await nights.run(Self.wide)
        _ = try await nights.night()
        try await nights.run("update wide set note = 'changed' where id in (5, 9000, 17000)")
        let changed = try await nights.night("three rows updated")
        // Three ranges lose a row, and the new versions stand in one or two more.
        #expect(try (1...5).contains(changed.summary().pagesRead / 4))
        #expect(try changed.table("wide").chunks.contains { $0.pieces.contains { $0.live != nil } })
        try await nights.run(
            "delete from wide where id % 100 = 7; insert into wide select g, 'new' from generate_series(30001, 30100) g"
        )
        _ = try await nights.night("deleted and appended")
        try await nights.run("vacuum wide")
        try await nights.run(
            "insert into wide select g, repeat('x', 300) from generate_series(40001, 40500) g")
        _ = try await nights.night("vacuumed and filled up")
        let target = try await ScratchDatabase.current.emptyDatabase()
        let last = try await nights.night("unchanged")
        #expect(try last.summary().pagesRead == 0)
        let report = try await nights.repository.restore(last, into: target)
        #expect(report.proof?.rows == last.rows)
    }

    @Test(.scratchDatabase) func `a chunk of which little lives is read anew`() async throws {
        let nights = try await Nights(try .current)
        try await nights.run(Self.wide)
        let first = try await nights.night()
        try await nights.run("delete from wide where id <= 12000")
        let second = try await nights.night("most of it deleted")
        #expect(try second.table("wide").chunks.flatMap(\.pieces).allSatisfy { $0.live == nil })
        #expect(try first.table("wide").chunks != second.table("wide").chunks)
    }
}
