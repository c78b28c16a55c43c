import Foundation
import LocalPostgres
import PostgresClient
import PostgresTesting
import Testing

@Suite("What a restore runs into", .tags(.server))
struct RestoreObstacleTests {
    @Test(.scratchDatabase) func `of two restores at once one is done and the other ends with 11`() async throws {
        let work = try Workplace()
        let scratch = try ScratchDatabase.current
        try await scratch.session().executeScript(
            """
            create table public.note (id int primary key, body text);
            insert into public.note select n, repeat(md5(n::text), 40) from generate_series(1, 20000) n;
            """
        )
        #expect(try await work.makeRepository().status == 0)
        #expect(try await work.backUp(scratch.settings).status == 0)
        let target = try await scratch.anotherDatabase()
        async let first = work.restore(into: target)
        async let second = work.restore(into: target)
        let outcomes = try await [first, second].sorted { $0.status < $1.status }
        #expect(outcomes.map(\.status) == [0, 11], "\(outcomes)")
        let loser = try #require(outcomes.last)
        #expect(loser.errors.contains("Another restore is running"), "\(loser)")
        #expect(loser.errors.contains("Nothing was changed"), "\(loser)")
        try await PgDump.expectSchema(of: target, equals: scratch.settings)
    }

    @Test(.scratchDatabase) func `a role that only a policy names is missed before anything is touched`() async throws {
        let work = try Workplace()
        let scratch = try ScratchDatabase.current
        let session = try await scratch.session()
        let role = "reader \(UUID().uuidString.lowercased())"
        try await session.executeScript(
            """
            create role "\(role)" nologin;
            create table public.note (id int primary key);
            alter table public.note enable row level security;
            create policy readers on public.note for select to authenticated, "\(role)" using (true);
            """
        )
        #expect(try await work.makeRepository().status == 0)
        #expect(try await work.backUp(scratch.settings).status == 0)
        try await session.executeScript("drop policy readers on public.note; drop role \"\(role)\"")
        let target = try await scratch.anotherDatabase()
        let schema = try await PgDump.schema(of: target)
        let plan = try await work.run(["restore", "plan", "latest"] + work.keys, on: target)
        #expect(plan.status == 2, "\(plan)")
        #expect(plan.errors.contains(role), "\(plan)")
        let restore = try await work.restore(into: target)
        #expect(restore.status == 19, "\(restore)")
        #expect(restore.errors.contains("CREATE ROLE \"\(role)\" NOLOGIN;"), "\(restore)")
        #expect(try await PgDump.schema(of: target) == schema)
    }

    @Test(
        .scratchDatabase, arguments: ["usage on schema public from anon", "usage on schema public from public, anon"])
    func `a right on schema public that the source took away is taken away`(right: String) async throws {
        let work = try Workplace()
        let scratch = try ScratchDatabase.current
        try await scratch.session().executeScript("create table public.note (id int primary key); revoke \(right)")
        #expect(try await work.makeRepository().status == 0)
        #expect(try await work.backUp(scratch.settings).status == 0)
        let target = try await scratch.anotherDatabase()
        let restore = try await work.restore(into: target)
        #expect(restore.status == 0, "\(restore)")
        let acl = "select nspacl::text from pg_catalog.pg_namespace where nspname = 'public'"
        let session = try await scratch.session(to: target)
        let found = try await session.query(Query(unsafeSQL: acl)).first?[0] ?? ""
        #expect(!found.contains("anon="), "\(found)")
        #expect(found.contains("authenticated=U"), "\(found)")
    }

    @Test func `a lock table that is too small ends backup and restore with 17 and says what to raise`() async throws {
        let work = try Workplace()
        #expect(try await work.makeRepository().status == 0)
        let binaries = try await ThrowawayServer.binaries
        try await withThrowawayServer(binaries: binaries) { server in
            try await makeTables(1_000, on: server.settings())
            let backup = try await work.backUp(server.tcpSettings())
            #expect(backup.status == 0, "\(backup)")
        }
        var options = LocalServerOptions.throwaway
        options.maxConnections = 20
        options.settings["max_locks_per_transaction"] = "10"
        try await withThrowawayServer(binaries: binaries, options: options) { server in
            try await server.createSupabaseDatabase(named: "target")
            let target = server.tcpSettings(database: "target")
            let restore = try await work.restore(into: target)
            #expect(restore.status == 17, "\(restore)")
            #expect(restore.errors.contains("max_locks_per_transaction"), "\(restore)")
            #expect(restore.errors.contains("Nothing was changed"), "\(restore)")

            try await makeTables(1_500, on: server.settings())
            let objects = work.objects()
            let backup = try await work.backUp(server.tcpSettings())
            #expect(backup.status == 17, "\(backup)")
            #expect(backup.errors.contains("max_locks_per_transaction"), "\(backup)")
            #expect(work.objects() == objects)
        }
    }

    /// Makes tables a few at a time, as each transaction has to lock what it makes.
    private func makeTables(_ count: Int, on settings: ConnectionSettings) async throws {
        let session = try await Session.connect(to: settings)
        for start in stride(from: 1, through: count, by: 25) {
            let tables = (start..<start + 25).map { "create table public.t\($0) (id int)" }
            try await session.executeScript(tables.joined(separator: ";"))
        }
        await session.close()
    }
}
