import ArchiveRepository
import CatalogInspection
import Diagnostics
import PostgresClient
import PostgresTesting
import PostgresTypes
import Testing

@testable import LogicalBackup

/// What is not simply a table of the user's: large objects, the tables of extensions, and types that change meanwhile.
@Suite("What has changed beside ordinary tables", .tags(.server))
struct OtherSubjectTests {
    @Test(.scratchDatabase) func `large objects are read where they were written to`() async throws {
        let scratch = try ScratchDatabase.current
        let nights = try await Nights(scratch)
        func expectTruth(_ manifest: BackupManifest, _ comment: String) async throws {
            let pages = try await TableQuery.largeObjectPages(in: nights.session)
            let reading = TableReading.largeObjects(pages)
            let span = RangeQuery.Span(table: reading, ranges: 0..<reading.rangeCount, withContents: true)
            let truth = try #require(try await RangeQuery.digests(of: [span], on: nights.session).first)
            let index = try RangeIndex(nights.repository.writer.index(#require(manifest.rangeIndex)))
            let ranges = try #require(index?.tables[pages.oid])
            #expect(ranges.digests == truth, "\(comment)")
            let record = try #require(manifest.largeObjects)
            let archived = try ArchivedRanges(
                record.chunks, ranges.chunks, types: #require(reading.clientTypes), reader: nights.repository.reader)
            for range in 0..<truth.count {
                #expect(archived.rows[range] ?? 0 == truth.rows[range], "\(comment)")
                #expect(archived.contents[range] ?? 0 == truth.contents[range], "\(comment)")
            }
        }
        try await nights.run(
            """
            select lo_from_bytea(n, (select string_agg(sha256((n * 1000 + i)::text::bytea), ''::bytea)
              from generate_series(1, 900) i)) from generate_series(90001, 90020) n
            """)
        try await expectTruth(try await nights.night("made"), "made")
        #expect(try await nights.night("unchanged").summary().pagesRead == 0)
        #expect(nights.readings["pg_largeobject"] == .unchanged)
        try await nights.run("select lo_put(90003, 5, 'overwritten')")
        try await expectTruth(try await nights.night("changed"), "changed")
        #expect(nights.readings["pg_largeobject"] == .inPart)
        try await nights.run("select lo_unlink(90004); select lo_from_bytea(90030, 'new')")
        let last = try await nights.night("removed and added")
        try await expectTruth(last, "removed and added")
        let target = try await scratch.emptyDatabase()
        _ = try await nights.repository.restore(last, into: target)
        let sql = "select md5(string_agg(lo_get(oid), ''::bytea order by oid)) from pg_largeobject_metadata"
        let restored = try await scratch.session(to: target).query(Query(unsafeSQL: sql)).first?[0]
        #expect(try await nights.session.query(Query(unsafeSQL: sql)).first?[0] == restored)
        let superuser = try await scratch.session(to: nights.source.setting("user", to: "supabase_admin"))
        try await superuser.executeScript("vacuum full pg_catalog.pg_largeobject")
        try await expectTruth(try await nights.night("vacuumed"), "vacuumed")
        #expect(nights.readings["pg_largeobject"] == .inFull)
    }

    /// A partial index on the very condition of the rows is one by which a planner may read them, in its own order.
    @Test(.scratchDatabase) func `rows of an extension's table are told apart although an index would order them`()
        async throws
    {
        let scratch = try ScratchDatabase.current
        let nights = try await Nights(scratch)
        try await nights.run(
            """
            create table systems (id int, custom boolean, note text);
            insert into systems select 5000 - g, g % 3 = 0, repeat(md5(g::text), 2) from generate_series(1, 5000) g;
            create index on systems (id) where custom;
            """)
        let superuser = try await scratch.session(to: nights.source.setting("user", to: "supabase_admin"))
        try await superuser.executeScript(
            """
            update pg_extension set extconfig = array['public.systems'::regclass]::oid[],
              extcondition = array['WHERE custom'] where extname = 'plpgsql'
            """)
        try await nights.run(["analyze systems"])
        let first = try await nights.night("of an extension")
        #expect(try first.table("systems").rows == 1_666)
        try await nights.run("update systems set custom = not custom where id in (4000, 4001, 4002)")
        _ = try await nights.night("another part of the rows")
        #expect(nights.readings["systems"] == .inPart)
        try await superuser.executeScript(
            "update pg_extension set extcondition = array['WHERE NOT custom'] where extname = 'plpgsql'")
        _ = try await nights.night("another condition")
        #expect(nights.readings["systems"] == .inFull)
    }

    /// The server writes the label that an enum has at the moment of the COPY, whatever the snapshot says.
    @Test(.scratchDatabase) func `a type that is changed while rows are read stops the backup`() async throws {
        let nights = try await Nights(try .current)
        try await nights.run(
            """
            create type mood as enum ('sad', 'ok');
            create table felt (id int, mood mood[]);
            insert into felt select g, array['ok']::mood[] from generate_series(1, 1000) g;
            """)
        func backUp(while statement: String) async throws -> BackupManifest {
            let gate = Gate()
            return try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    await gate.opened()
                    defer { gate.pass() }
                    try await nights.session.executeScript(statement)
                }
                let manifest = try await nights.repository.backUp(
                    nights.source,
                    onProgress: { if $0.phase == "schema" { gate.openAndWait() } })
                try await group.waitForAll()
                return manifest
            }
        }
        let error = await #expect(throws: BackupError.self) {
            try await backUp(while: "alter type mood rename value 'ok' to 'fine'")
        }
        #expect(error?.code == "backup.types-changed" && error?.failureClass == .locked)
        #expect(error?.summary.contains("mood") == true)
        #expect(try nights.repository.repository.backups().isEmpty)
        // One label more changes no value.
        #expect(try await backUp(while: "alter type mood add value 'glad'").rows == 1_000)
        _ = try await nights.night("afterwards")
        #expect(nights.readings["felt"] == .unchanged)
    }
}
