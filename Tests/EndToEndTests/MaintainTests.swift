import Foundation
import PostgresClient
import PostgresTesting
import Testing

@Suite("maintain", .tags(.server))
struct MaintainTests {
    private func fill(_ rows: Int) async throws {
        try await ScratchDatabase.current.session().executeScript(
            """
            insert into public.audio_cache (cache_key, audio_base64, expires_at)
            select n::text, 'A', now() - interval '1 day' from generate_series(1, \(rows)) n
            """)
    }

    private func left(_ session: Session) async throws -> Int {
        let rows = try await session.query("select count(*) from public.audio_cache")
        return Int(rows.first?[0] ?? "") ?? -1
    }

    private func jobs(_ outcome: WheelsProgram.Outcome) throws -> [[String: Any]] {
        try outcome.json()["jobs"] as? [[String: Any]] ?? []
    }

    @Test(.appDatabase) func `a dry run tells what a run does, and a second run has nothing to do`() async throws {
        let work = try Workplace()
        let settings = try ScratchDatabase.current.settings
        try await fill(25)
        let session = try await ScratchDatabase.current.session()
        let dry = try await work.run(["maintain", "cleanup_expired", "--dry-run", "--json"], on: settings)
        #expect(dry.status == 0, "\(dry)")
        #expect(try dry.json()["schema"] as? String == "wheels-db/maintain/v1")
        #expect(try dry.json()["dry_run"] as? Bool == true)
        #expect(try jobs(dry).first?["rows"] as? Int == 25)
        #expect(try await left(session) == 25)
        let run = try await work.run(["maintain", "cleanup_expired", "--batch-size", "10"], on: settings)
        #expect(run.status == 0 && run.output.contains("public.audio_cache"), "\(run)")
        #expect(try await left(session) == 0)
        let again = try await work.run(["maintain", "cleanup_expired", "--json"], on: settings)
        #expect(try jobs(again).first?["rows"] as? Int == 0)
    }

    @Test(.appDatabase) func `--all runs every job, and what health found is stored`() async throws {
        let work = try Workplace()
        let scratch = try ScratchDatabase.current
        try await fill(5)
        let outcome = try await work.run(["maintain", "--all", "--json"], on: scratch.settings)
        #expect(outcome.status == 0, "\(outcome)")
        #expect(try jobs(outcome).compactMap { $0["outcome"] as? String } == Array(repeating: "done", count: 6))
        #expect(try jobs(outcome).compactMap { $0["weeks"] as? [Any] }.map(\.count) == [8])
        let stored = try await scratch.session().query(
            "select status, details->>'database' from public.health_check where service_name = 'wheels-db'")
        let history = try await scratch.session().query(
            "select test_name || ' ' || coalesce(message, '') from public.health_check_history")
        #expect(stored.map { [$0[0], $0[1]] } == [["healthy", "connected"]], "\(history.map { $0[0] ?? "" })")
    }

    @Test(.scratchDatabase) func `a missing table ends with 1 and names the migration`() async throws {
        let outcome = try await Workplace().run(
            ["maintain", "record_health", "rollup_daily_usage"], on: try ScratchDatabase.current.settings)
        #expect(outcome.status == 1, "\(outcome)")
        #expect(outcome.errors.contains("migrations/20260103000200_health_history.sql"), "\(outcome)")
        #expect(outcome.errors.contains("migrations/20260103000000_usage_statistics.sql"), "\(outcome)")
    }

    @Test func `every migration that a message names is there`() throws {
        let folder = Workplace.package.appendingPathComponent("migrations").path
        let files = try FileManager.default.contentsOfDirectory(atPath: folder)
        let source = try String(
            contentsOf: Workplace.package.appendingPathComponent("Sources/Maintenance/MaintenanceJob.swift"),
            encoding: .utf8)
        let named = source.matches(of: #/"(\w+)": "(\d{14}_\w+)"/#)
        #expect(named.count == 19)
        for match in named {
            let file = "\(match.2).sql"
            #expect(files.contains(file), "\(file)")
            let text = try String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)
            #expect(text.contains("create table public.\(match.1) ("), "\(match.1) in \(file)")
        }
    }

    @Test(.appDatabase) func `a run that is killed leaves whole batches, and the next run does the rest`() async throws
    {
        let work = try Workplace()
        let settings = try ScratchDatabase.current.settings
        try await fill(700)
        let session = try await ScratchDatabase.current.session()
        let run = try work.start(["maintain", "cleanup_expired", "--batch-size", "7"], on: settings)
        #expect(try await eventually { try await left(session) < 650 })
        run.send(SIGKILL)
        #expect(try await run.outcome().status == 128 + SIGKILL)
        let rest = try await left(session)
        #expect(rest > 0 && (700 - rest) % 7 == 0, "\(rest)")
        let next = try await work.run(["maintain", "cleanup_expired", "--json"], on: settings)
        #expect(next.status == 0, "\(next)")
        #expect(try await left(session) == 0)
    }

    @Test(.appDatabase) func `a second run of a job that runs ends with 11`() async throws {
        let work = try Workplace()
        let settings = try ScratchDatabase.current.settings
        try await fill(2_000)
        let session = try await ScratchDatabase.current.session()
        let first = try work.start(["maintain", "cleanup_expired", "--batch-size", "5"], on: settings)
        #expect(try await eventually { try await left(session) < 1_990 })
        let second = try await work.run(["maintain", "cleanup_expired", "--json"], on: settings)
        #expect(second.status == 11, "\(second)")
        #expect(try jobs(second).first?["outcome"] as? String == "locked")
        first.send(SIGTERM)
        let outcome = try await first.outcome()
        #expect(outcome.status == 130, "\(outcome)")
        #expect(try await left(session) % 5 == 0)
    }

    @Test(.appDatabase) func `a protected environment is changed only when its ref is given, and a dry run needs none`()
        async throws
    {
        let work = try Workplace()
        try work.write(
            "environments: { production: { url_from: P_URL, ref: abcdefghijklmnopqrst, protected: true } }\n",
            to: "wheels-db.yml")
        let variables = ["P_URL": try ScratchDatabase.current.settings.url]
        func run(_ more: [String]) async throws -> Int32 {
            try await work.program.run(["maintain", "--env", "production", "expire_trials"] + more, adding: variables)
                .status
        }
        #expect(try await run([]) == 19)
        #expect(try await run(["--yes"]) == 19)
        #expect(try await run(["--dry-run"]) == 0)
        #expect(try await run(["--confirm", "abcdefghijklmnopqrst"]) == 0)
    }

    @Test func `the list needs no database, and a job that is misspelt is a usage error`() async throws {
        let work = try Workplace()
        let list = try await work.run(["maintain", "list"])
        #expect(list.status == 0 && list.output.contains("purge_analytics_90d"), "\(list)")
        let misspelt = try await work.run(["maintain", "cleanup_expird"])
        #expect(misspelt.status == 64 && misspelt.errors.contains("cleanup_expired"), "\(misspelt)")
        #expect(try await work.run(["maintain"]).status == 64)
        #expect(try await work.run(["maintain", "--all", "expire_trials"]).status == 64)
        #expect(try await work.run(["maintain", "--all", "--batch-size", "0"]).status == 64)
    }

    @Test(.appDatabase, .requiresPgBouncer)
    func `through a pooler in transaction mode no job runs, and in session mode all do`() async throws {
        let work = try Workplace()
        let scratch = try ScratchDatabase.current
        try await fill(5)
        let session = try await scratch.session()
        try await withPgBouncer(.transaction, before: scratch.settings) { pooled in
            let outcome = try await work.run(["maintain", "cleanup_expired"], on: pooled)
            #expect(outcome.status == 19 && outcome.errors.contains("session pooler"), "\(outcome)")
            #expect(try await left(session) == 5)
            let health = try await work.run(["health"], on: pooled)
            #expect(health.status == 0, "\(health)")
        }
        try await withPgBouncer(.session, before: scratch.settings) { pooled in
            let outcome = try await work.run(["maintain", "--all"], on: pooled)
            #expect(outcome.status == 0, "\(outcome)")
            #expect(try await left(session) == 0)
        }
    }
}
