import Diagnostics
import LocalPostgres
import PostgresClient
import PostgresTesting
import PostgresTypes
import Testing

@testable import PoolChecks

@Suite("Looking into a full server", .tags(.server), .requiresServer, .serialized)
struct PoolObserverTests {
    private func withSmallServer(_ body: (LocalServer) async throws -> Void) async throws {
        var options = LocalServerOptions.throwaway
        options.maxConnections = 8
        try await withThrowawayServer(binaries: ThrowawayServer.binaries, options: options) { server in
            let admin = try await Session.connect(to: server.settings(user: "supabase_admin"))
            try await admin.executeScript("create role app login; create role bot login replication connection limit 1")
            await admin.close()
            try await body(server)
        }
    }

    /// Opens connections until the server refuses.
    private func fill(_ settings: ConnectionSettings) async throws -> [Session] {
        var sessions: [Session] = []
        do {
            while true { sessions.append(try await Session.connect(to: settings, applicationName: "api")) }
        } catch { #expect(error.sqlState == .tooManyConnections) }
        return sessions
    }

    @Test(.timeLimit(.minutes(20))) func `each way leads in, and is named`() async throws {
        try await withSmallServer { server in
            let app = server.settings(user: "app")
            let sessions = try await fill(app)
            #expect(sessions.count == 5)

            // The locked-out owner of the project comes in by replication.
            let seen = try await PoolObserver(server.settings()).observe()
            #expect(seen.passage == .replication && seen.refusal == .server && seen.isFull)
            #expect(seen.snapshot?.used == 5 && seen.snapshot?.free == 0)
            #expect(seen.snapshot?.groups.first?.key.role == "app")

            // A role without REPLICATION sees nothing of itself, and everything by another's reserved slot.
            let nothing = try await PoolObserver(app).observe()
            #expect(nothing.snapshot == nil && nothing.refusal == .server && nothing.isFull)
            #expect(nothing.attempts.map(\.passage) == [.replication])
            #expect(nothing.attempts.first?.reason.contains("replication role") == true)
            var helped = PoolObserver(app)
            helped.admin = server.settings(user: "supabase_admin")
            let byAdmin = try await helped.observe()
            #expect(byAdmin.passage == .admin && byAdmin.snapshot?.free == 0)

            // Superusers fill the reserved slots too: still not negative, and still seen.
            let reserve = try await fill(server.settings(user: "supabase_admin"))
            #expect(reserve.count == 3)
            let brimful = try await PoolObserver(server.settings()).observe()
            #expect(brimful.snapshot?.used == 8 && brimful.snapshot?.free == 0)

            for session in sessions + reserve { await session.close() }
        }
    }

    @Test(.timeLimit(.minutes(20))) func `whoever gets a slot while it waits was not refused`() async throws {
        try await withSmallServer { server in
            let app = server.settings(user: "app")
            let sessions = try await fill(app)
            var patient = PoolObserver(app)
            patient.retry = RetryPolicy(limit: .seconds(60), longestPause: .milliseconds(100))
            async let seen = patient.observe()
            try await Task.sleep(for: .milliseconds(300))
            await sessions[0].close()
            let observation = try await seen
            #expect(observation.refusal == nil && observation.snapshot?.used == 4)
            for session in sessions { await session.close() }
        }
    }

    @Test(.timeLimit(.minutes(20))) func `the limit of a role is another thing than a full server`() async throws {
        try await withSmallServer { server in
            let bot = server.settings(user: "bot")
            let holder = try await Session.connect(to: bot)
            let seen = try await PoolObserver(bot).observe()
            #expect(seen.refusal == .role("bot"))
            #expect((seen.snapshot?.free ?? 0) > 0)
            #expect(PoolCheck(seen).findings.first?.code == "pool.role-limit")
            #expect(PoolCheck(seen).findings.count { $0.code == "pool.role-limit" } == 1)
            await holder.close()
        }
    }

    @Test func `a server that cannot be reached is no finding`() async throws {
        let nowhere = ConnectionSettings(keywords: ["host": "127.0.0.1", "port": "1", "user": "a", "dbname": "a"])
        let error = await #expect(throws: PostgresError.self) { try await PoolObserver(nowhere).observe() }
        #expect(error?.failureClass == .unreachable)
    }

    @Test func `behind Supabase's pooler the direct host is tried, as the role without the project's ref`() throws {
        let pooled = try ConnectionSettings(
            "postgresql://postgres.abcdefghijklmnopqrst:secret@aws-0-eu-west-1.pooler.supabase.com:6543/postgres")
        let direct = try #require(pooled.directHost)
        #expect(direct.host == "db.abcdefghijklmnopqrst.supabase.co" && direct.port == 5432)
        #expect(direct.user == "postgres" && direct.password == "secret")
        #expect(direct.directHost == nil)
    }
}

@Suite("Looking through PgBouncer", .tags(.server))
struct PgBouncerObserverTests {
    @Test(.scratchDatabase, .requiresPgBouncer, .timeLimit(.minutes(20)))
    func `the console is found by itself, and says who waits`() async throws {
        let scratch = try ScratchDatabase.current
        try await withPgBouncer(.transaction, before: scratch.settings, poolSize: 1) { pooled in
            let calm = try await PoolObserver(pooled).observe()
            #expect(calm.isPooled && calm.refusal == nil && calm.snapshot != nil)
            #expect(calm.pooler?.pools.contains { $0.database == scratch.name && $0.waitingClients == 0 } == true)

            let holder = try await scratch.session(to: pooled)
            try await holder.executeScript("begin")
            let waiting = try await scratch.session(to: pooled)
            async let answer = waiting.query("select 1")
            var observer = PoolObserver(pooled)
            observer.answerLimit = .seconds(2)
            let stuck = try await observer.observe()
            #expect(stuck.refusal == .poolerQueue(seconds: 2))
            let pool = try #require(stuck.pooler?.pools.first { $0.database == scratch.name })
            #expect(pool.waitingClients >= 1 && pool.activeServers == 1 && pool.size == 1)
            #expect(pool.longestWait > 1)
            #expect(stuck.pooler?.clients.contains { $0.state == "waiting" || $0.state == "active" } == true)
            let codes = PoolCheck(stuck).findings.map(\.code)
            #expect(codes.contains("pool.pooler-queue") && codes.contains("pool.pooler-waiting"))
            try await holder.executeScript("rollback")
            _ = try await answer
        }
    }

    @Test(.scratchDatabase, .requiresPgBouncer)
    func `a console that may not be read is a note`() async throws {
        let scratch = try ScratchDatabase.current
        try await withPgBouncer(.session, before: scratch.settings) { pooled in
            let seen = try await PoolObserver(pooled.setting("user", to: "authenticator")).observe()
            #expect(seen.snapshot != nil && seen.pooler == nil)
            let finding = PoolCheck(seen).findings.first { $0.code == "pool.console" }
            #expect(finding?.severity == .note)
        }
    }
}
