import Foundation
import LocalPostgres
import PostgresClient
import PostgresTesting
import Testing

@Suite("pool check", .tags(.server), .requiresServer)
struct PoolCheckTests {
    private func open(_ count: Int, _ settings: ConnectionSettings, as name: String) async throws -> [Session] {
        var sessions: [Session] = []
        let patient = RetryPolicy(limit: .seconds(20))
        for _ in 0..<count {
            sessions.append(try await Session.connect(to: settings, applicationName: name, retry: patient))
        }
        return sessions
    }

    @Test(.timeLimit(.minutes(20)))
    func `with 57 slots taken it ends with 53 and names who holds them`() async throws {
        try await withThrowawayServer(binaries: ThrowawayServer.binaries) { server in
            let admin = try await Session.connect(to: server.settings(user: "supabase_admin"))
            try await admin.executeScript("create role app_backend login; create role app_worker login")
            await admin.close()
            let work = try Workplace()
            let target = server.tcpSettings()
            let calm = try await work.run(["pool", "check"], on: target)
            #expect(calm.status == 0, "\(calm)")
            #expect(calm.output.hasPrefix("0 of 57 slots taken, 57 free (max_connections 60, 3 reserved)"), "\(calm)")

            let workers = try await open(7, server.settings(user: "app_worker"), as: "celery")
            let backends = try await open(40, server.settings(user: "app_backend"), as: "api")
            let warned = try await work.run(["pool", "check", "--json"], on: target)
            #expect(warned.status == 2, "\(warned)")
            #expect(try (warned.json()["slots"] as? [String: Int])?["free"] == 10)
            let more = try await open(10, server.settings(user: "app_backend"), as: "api")

            let full = try await work.run(["pool", "check"], on: target)
            #expect(full.status == 53, "\(full)")
            #expect(full.output.hasPrefix("57 of 57 slots taken, 0 free"), "\(full)")
            #expect(full.output.contains("replication connection"), "\(full)")
            #expect(full.output.contains("app_backend  api          local   idle      50"), "\(full)")
            #expect(full.errors.contains("by app_backend api 50, app_worker celery 7."), "\(full)")
            #expect(full.errors.contains("pool.full"))
            #expect(!full.output.contains("-"), "\(full)")
            let json = try await work.run(["pool", "check", "--json"], on: target)
            #expect(json.status == 53)
            #expect(try json.json()["seen_through"] as? String == "replication connection")
            #expect(try json.json()["full"] as? Bool == true)
            let nagios = try await work.run(["pool", "check", "--nagios"], on: target)
            #expect(nagios.status == 2, "\(nagios)")
            #expect(nagios.output.hasPrefix("POOL CRITICAL - 0 of 57 slots free; "), "\(nagios)")
            #expect(
                nagios.output.hasSuffix("free=0;12:;1:;0;57 idle_in_transaction=0;;;0 blocked=0;;;0\n"), "\(nagios)")
            try await blind(work, server)
            try await makeRoom(json, target)
            let after = try await work.run(["pool", "check", "--json"], on: target)
            #expect(after.status == 0, "\(after)")
            #expect(try (after.json()["slots"] as? [String: Int])?["used"] == 7)

            for session in workers + backends + more { await session.close() }
        }
    }

    /// A role that no way leads in for: the last look is shown.
    private func blind(_ work: Workplace, _ server: LocalServer) async throws {
        let locked = server.tcpSettings(user: "authenticator")
        let blind = try await work.run(["pool", "check"], on: locked)
        #expect(blind.status == 53, "\(blind)")
        #expect(blind.output.contains("Nobody is let in."), "\(blind)")
        #expect(blind.output.contains("replication connection: must be superuser or replication role"), "\(blind)")
        #expect(blind.output.contains("Last seen"), "\(blind)")
        #expect(blind.output.contains("57 of 57 slots taken"), "\(blind)")
        #expect(blind.errors.contains("Restart project"), "\(blind)")
        let helped = try await work.program.run(
            ["pool", "check"],
            adding: [
                "DATABASE_URL": locked.url,
                "WHEELS_ADMIN_DATABASE_URL": server.tcpSettings(user: "supabase_admin").url,
            ])
        #expect(helped.status == 53 && helped.output.contains("Seen through --admin-url."), "\(helped)")
    }

    /// Runs the advice of the finding, word for word, while the server is full.
    private func makeRoom(_ full: WheelsProgram.Outcome, _ target: ConnectionSettings) async throws {
        let findings = try #require(try full.json()["findings"] as? [[String: Any]])
        let remedy = try #require(findings.first?["remedy"] as? [String: String])
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", try #require(remedy["command"])]
        let programs = try await ThrowawayServer.binaries.directory
        process.environment = ["PATH": "\(programs):/usr/bin:/bin", "DATABASE_URL": target.url]
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }

    @Test(.scratchDatabase, .timeLimit(.minutes(20)))
    func `a lock queue is told from its root`() async throws {
        let scratch = try ScratchDatabase.current
        let root = try await scratch.session()
        try await root.executeScript("create table public.trips (id int)")
        try await root.executeScript("begin; select * from public.trips")
        let ddl = try await scratch.session()
        async let altered: Void = ddl.executeScript("alter table public.trips add column note text")
        let work = try Workplace()
        let pid = root.backendPID
        var outcome: WheelsProgram.Outcome?
        let isTold = try await eventually {
            let run = try await work.run(["pool", "check", "--blocked-after", "1s"], on: scratch.settings)
            outcome = run
            return run.errors.contains("pool.blocked")
        }
        #expect(isTold && outcome?.status == 2)
        let text = outcome?.output ?? ""
        #expect(
            text.contains("blocks: process \(pid) (role postgres, wheels-db/test, idle in transaction), holding"),
            "\(text)")
        #expect(text.contains("  waits: process \(ddl.backendPID)"), "\(text)")
        #expect(outcome?.errors.contains("pg_terminate_backend(\(pid))") == true)
        let metrics = try await work.run(["pool", "check", "--prometheus"], on: scratch.settings)
        #expect(metrics.output.contains("pg_settings_max_connections 60\n"), "\(metrics)")
        try await root.executeScript("rollback")
        try await altered
    }

    @Test(.scratchDatabase, .requiresPgBouncer, .timeLimit(.minutes(20)))
    func `clients that wait for PgBouncer are shown with their wait`() async throws {
        let scratch = try ScratchDatabase.current
        try await withPgBouncer(.transaction, before: scratch.settings, poolSize: 1) { pooled in
            let holder = try await scratch.session(to: pooled)
            try await holder.executeScript("begin")
            let waiting = [try await scratch.session(to: pooled), try await scratch.session(to: pooled)]
            async let first = waiting[0].query("select 1")
            async let second = waiting[1].query("select 1")
            let console = pooled.setting("dbname", to: "pgbouncer").url
            let work = try Workplace()
            var outcome: WheelsProgram.Outcome?
            // The server itself is asked directly: only the pooler is short of connections.
            let isTold = try await eventually {
                let run = try await work.run(["pool", "check", "--pgbouncer-url", console], on: scratch.settings)
                outcome = run
                return run.errors.contains("2 clients wait for a server connection of \(scratch.name)/postgres")
            }
            #expect(isTold, "\(String(describing: outcome))")
            #expect(outcome?.status == 2)
            #expect(outcome?.output.contains("LONGEST WAIT") == true)
            #expect(outcome?.errors.contains("1 of 1 server connections exist, 1 are busy") == true)
            try await holder.executeScript("rollback")
            _ = try await (first, second)
        }
    }

    @Test func `a server that cannot be reached ends with 14, for Nagios with CRITICAL`() async throws {
        let work = try Workplace()
        let nowhere = ConnectionSettings(keywords: [
            "host": "127.0.0.1", "port": "1", "dbname": "postgres", "user": "postgres", "password": "secret-word",
        ])
        let outcome = try await work.run(["pool", "check"], on: nowhere)
        #expect(outcome.status == 14 && outcome.errors.contains("Connection refused"), "\(outcome)")
        let nagios = try await work.run(["pool", "check", "--nagios"], on: nowhere)
        #expect(nagios.status == 2 && nagios.output.hasPrefix("POOL CRITICAL - Cannot connect"), "\(nagios)")
        let usage = try await work.run(["pool", "check", "--nagios", "--database-url", "what"])
        #expect(usage.status == 3 && usage.output.hasPrefix("POOL UNKNOWN - "), "\(usage)")
        let both = try await work.run(["pool", "check", "--nagios", "--json"])
        #expect(both.status == 64)
    }
}
