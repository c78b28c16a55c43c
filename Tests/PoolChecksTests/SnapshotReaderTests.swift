import Diagnostics
import LocalPostgres
import PostgresClient
import PostgresTesting
import Testing

@testable import PoolChecks

@Suite("Looking at a server", .tags(.server))
struct SnapshotReaderTests {
    @Test(.scratchDatabase) func `sees limits, roles and the own session, and leaves no transaction open`() async throws
    {
        let session = try await ScratchDatabase.current.session()
        let found = try await ConnectionSnapshot.read(session)
        #expect(found.limit == 57 && found.maxConnections == 60 && found.superuserReserved == 3)
        #expect(found.free == 57 - found.used && found.isComplete)
        let own = try #require(found.sessions.first { $0.isOwn })
        #expect(own.role == "postgres" && own.backendType == "client backend" && own.state == "active")
        #expect(found.roles.contains { $0.name == "supabase_admin" && $0.isSuperuser })
        #expect(found.roles.contains { $0.name == "supabase_auth_admin" && $0.idleInTransactionTimeout == "60000" })
        #expect(found.idleInTransactionTimeout == 0)
        #expect(await !session.isInTransaction)
        #expect(try await ConnectionSnapshot.read(session).limit == 57)
    }

    @Test(.scratchDatabase) func `the lock queue behind an idle transaction has that transaction at its root`()
        async throws
    {
        let scratch = try ScratchDatabase.current
        let root = try await scratch.session()
        try await root.executeScript("create table public.trips (id int)")
        try await root.executeScript("begin; select * from public.trips")
        let ddl = try await scratch.session()
        let reader = try await scratch.session()
        async let altered: Void = ddl.executeScript("alter table public.trips add column note text")
        try await waiting(1, for: "public.trips", scratch)
        async let read: Void = reader.executeScript("select * from public.trips")
        try await waiting(2, for: "public.trips", scratch)

        let found = try await ConnectionSnapshot.read(try await scratch.session())
        let chain = try #require(BlockedChain.chains(in: found.sessions).first { $0.rootPID == Int(root.backendPID) })
        #expect(chain.waiters.map { Int32($0.session.pid) } == [ddl.backendPID, reader.backendPID])
        #expect(chain.waiters.map(\.depth) == [1, 2])
        #expect(chain.root?.locks == ["AccessShareLock on public.trips"])
        #expect(chain.waiters.first?.session.query == "alter table public.trips add column note text")
        try await root.executeScript("rollback")
        try await altered
        try await read
    }

    @Test(.scratchDatabase) func `an aborted transaction is told by the server's own words`() async throws {
        let scratch = try ScratchDatabase.current
        let broken = try await scratch.session()
        try await broken.executeScript("begin")
        await #expect(throws: PostgresError.self) { try await broken.executeScript("select 1/0") }
        let found = try await ConnectionSnapshot.read(try await scratch.session())
        let seen = try #require(found.sessions.first { Int32($0.pid) == broken.backendPID })
        #expect(seen.state == "idle in transaction (aborted)")
        // The server forgets when an aborted transaction began; since when it does nothing is still known.
        #expect(seen.isIdleInTransaction && seen.stateAge != nil)
        try await broken.executeScript("rollback")
    }

    @Test(.scratchDatabase) func `a role that sees little still counts all, and the check says so`() async throws {
        let scratch = try ScratchDatabase.current
        _ = try await scratch.session()
        let session = try await scratch.session(as: "supabase_auth_admin")
        let found = try await ConnectionSnapshot.read(session)
        #expect(found.used >= 1 && !found.isComplete)
        #expect(check(found).findings.contains { $0.code == "pool.partial-view" })
    }

    @Test(.scratchDatabase) func `a failed look leaves the session usable`() async throws {
        let session = try await ScratchDatabase.current.session()
        let error = await #expect(throws: PostgresError.self) {
            try await session.simpleQuery("select pg_catalog.pg_sleep(5)", within: .milliseconds(200))
        }
        #expect(error?.kind == .timedOut)
        #expect(error?.failureClass == .unreachable)
        let closed = await #expect(throws: PostgresError.self) {
            try await session.simpleQuery("x", within: .seconds(1))
        }
        #expect(closed?.kind == .closed)
        let other = try await ScratchDatabase.current.session()
        await #expect(throws: PostgresError.self) { try await other.simpleQuery("select 1; boo", within: .seconds(5)) }
        #expect(try await other.simpleQuery("select 1; select 2 as two", within: .seconds(5)).map { $0[0] } == ["2"])
        await #expect(throws: PostgresError.self) {
            try await other.simpleQuery("copy (select 1) to stdout", within: .seconds(5))
        }
        #expect(try await other.simpleQuery("select 3", within: .seconds(5)).first?[0] == "3")
    }

    private func waiting(_ count: Int, for table: String, _ scratch: ScratchDatabase) async throws {
        let watcher = try await scratch.session()
        let deadline = ContinuousClock.now + .seconds(30)
        while ContinuousClock.now < deadline {
            let rows = try await watcher.query(
                """
                select count(*)::text from pg_catalog.pg_locks l
                where not l.granted and l.relation = \(table)::text::regclass
                """)
            if rows.first?[0] == String(count) { return await watcher.close() }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("Nobody waits for \(table)")
    }
}
