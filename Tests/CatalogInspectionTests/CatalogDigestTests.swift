import CatalogInspection
import Foundation
import PostgresClient
import PostgresTesting
import Testing

@Suite("The digests of the catalogs", .tags(.server))
struct CatalogDigestTests {
    /// What the whole promise rests on, for each kind of statement: the dump differs only where the digests do.
    @Test(.scratchDatabase) func `differ whenever the schema does`() async throws {
        let scratch = try ScratchDatabase.current
        let admin = try await scratch.superuserSession()
        let watcher = try await Self.watcher()
        try await admin.executeScript(CatalogStatements.preparation)
        var digests = try await Self.digests(watcher)
        var dump = try await Self.dump(scratch.settings)
        for statement in CatalogStatements.changes(role: "changer_\(scratch.name)") {
            try await admin.executeScript(statement)
            let newDigests = try await Self.digests(watcher)
            #expect(!newDigests.changes(since: digests).isEmpty, "not noticed: \(statement)")
            let newDump = try await Self.dump(scratch.settings)
            #expect(newDump != dump, "no change at all: \(statement)")
            (digests, dump) = (newDigests, newDump)
        }
    }

    @Test(.scratchDatabase) func `are the same after everything that leaves the schema alone`() async throws {
        let scratch = try ScratchDatabase.current
        let admin = try await scratch.superuserSession()
        let watcher = try await Self.watcher()
        try await admin.executeScript(CatalogStatements.preparation)
        try await admin.executeScript(CatalogStatements.busyTables)
        let digests = try await Self.digests(watcher)
        let dump = try await Self.dump(scratch.settings)
        for statement in CatalogStatements.harmless {
            for part in statement.split(separator: ";") { try await admin.executeScript(String(part)) }
            #expect(Self.changes(from: digests, to: try await Self.digests(watcher)) == [], "after \(statement)")
        }
        #expect(try await Self.dump(scratch.settings) == dump)
    }

    @Test(.scratchDatabase) func `do not see the temporary tables of others`() async throws {
        let scratch = try ScratchDatabase.current
        let watcher = try await Self.watcher()
        let digests = try await Self.digests(watcher)
        let other = try await scratch.session()
        try await other.executeScript(
            """
            create temporary table basket (id int generated always as identity primary key, note text default 'x');
            create index on basket (note); create temporary sequence counter;
            """)
        #expect(Self.changes(from: digests, to: try await Self.digests(watcher)) == [])
    }

    @Test(.scratchDatabase) func `see no other moment than that of the snapshot`() async throws {
        let scratch = try ScratchDatabase.current
        let watcher = try await Self.watcher()
        try await watcher.executeScript("begin isolation level repeatable read, read only")
        let digests = try await Self.digests(watcher)
        try await scratch.session().executeScript("create table public.late (id int)")
        #expect(try await Self.digests(watcher) == digests)
        try await watcher.executeScript("commit")
        #expect(try await !Self.digests(watcher).changes(since: digests).isEmpty)
    }

    @Test(.scratchDatabase) func `fit into two kilobytes`() async throws {
        let watcher = try await Self.watcher()
        let before = await watcher.receivedBytes
        let digests = try await Self.digests(watcher)
        #expect(digests.digests.count > 50)
        #expect(digests.digests.values.allSatisfy { $0.utf8.count == 16 })
        #expect(await watcher.receivedBytes - before < 2_400)
    }

    /// A catalog whose rows cannot be told makes no two moments equal.
    @Test(.scratchDatabase) func `are never equal while a catalog cannot be read`() async throws {
        let scratch = try ScratchDatabase.current
        try await scratch.superuserSession().executeScript(
            "revoke select on pg_catalog.pg_policy from public; revoke select on pg_catalog.pg_policy from postgres")
        try await Inspected.withRole("grant usage on schema public to READER") { session, _ in
            let digests = try await CatalogDigestQuery.digests(in: session)
            #expect(digests.notReadable == ["pg_policy"])
            #expect(digests.changes(since: digests) == ["pg_policy"])
        }
    }

    @Test(.scratchDatabase) func `are never equal while options of mapped users are hidden`() async throws {
        let scratch = try ScratchDatabase.current
        let admin = try await scratch.superuserSession()
        try await Inspected.withRole("grant usage on schema public to READER") { session, _ in
            #expect(try await CatalogDigestQuery.digests(in: session).notReadable == [])
            try await admin.executeScript(CatalogStatements.foreignServer)
            #expect(try await CatalogDigestQuery.digests(in: session).notReadable == ["pg_user_mapping"])
        }
    }

    /// As the backup's leader reads them: as the owner, without a search path.
    private static func watcher() async throws -> Session {
        let session = try await ScratchDatabase.current.session()
        try await session.executeScript("set search_path = ''; set lock_timeout = '5s'")
        return session
    }

    private static func digests(_ session: Session) async throws -> CatalogDigests {
        try await CatalogDigestQuery.digests(in: session)
    }

    /// Roles belong to the whole server, and other tests make some at this moment.
    private static func changes(from before: CatalogDigests, to after: CatalogDigests) -> [String] {
        after.changes(since: before).filter { $0 != "roles" }
    }

    /// As the archive has it: with what stands around the database.
    private static func dump(_ settings: ConnectionSettings) async throws -> String {
        try await PgDump.schema(of: settings, arguments: ["--create"])
    }
}
