import Diagnostics
import Foundation
import LocalPostgres
import Policies
import PostgresClient
import PostgresTesting
import Testing

@Suite("Runs of policy apply", .tags(.server))
struct PolicyRunTests {
    private func holding(_ table: String) async throws -> (session: Session, pid: String) {
        let session = try await ScratchDatabase.current.session()
        try await session.executeScript("begin; select count(*) from \(table);")
        return (session, try #require(try await session.text("select pg_backend_pid()::text")))
    }

    @Test(.scratchDatabase) func `a table that fails stops the run, which says what is done and who was in the way`()
        async throws
    {
        let bench = try PolicyBench()
        let session = try await bench.withNotes()
        let (holder, pid) = try await holding("public.notes")
        let error = try await bench.failure { $0.lockTimeout = .seconds(3) }
        #expect(error.code == "policy.failed" && error.failureClass == .failure)
        #expect(error.summary.contains("public.notes: ") && error.summary.contains("55P03"), "\(error)")
        #expect(
            error.summary.contains("process \(pid) (role postgres, wheels-db/test, idle in transaction"), "\(error)")
        #expect(error.summary.contains("Nothing of public.notes was kept. Done before it: public.groups."), "\(error)")
        #expect(try await session.text("select relrowsecurity::text from pg_class where relname = 'groups'") == "true")
        #expect(try await session.text("select count(*)::text from pg_policy") == "0")
        try await holder.executeScript("commit")
        #expect(try await bench.apply().applied.map(\.relation.name) == ["notes"])
    }

    @Test(.scratchDatabase) func `a table that is in use is tried again until it is free`() async throws {
        let bench = try PolicyBench()
        try await bench.withNotes()
        let (holder, pid) = try await holding("public.notes")
        async let run = bench.apply {
            $0.lockTimeout = .milliseconds(150)
            $0.lockRetry = RetryPolicy(
                limit: .seconds(60), firstPause: .milliseconds(20), longestPause: .milliseconds(50))
        }
        let deadline = ContinuousClock.now + .seconds(30)
        while bench.events.retries < 2 || bench.events.blockers.isEmpty, ContinuousClock.now < deadline {
            try await Task.sleep(for: .milliseconds(10))
        }
        try await holder.executeScript("commit")
        #expect(try await run.applied.count == 2)
        #expect(bench.events.retries >= 2)
        #expect(bench.events.blockers.first.map { "\($0.pid)" } == pid)
    }

    @Test(.scratchDatabase) func `a second run is refused while one is under way, and named`() async throws {
        let bench = try PolicyBench()
        let session = try await bench.withNotes()
        let (holder, _) = try await holding("public.notes")
        async let first = bench.apply {
            $0.lockTimeout = .seconds(60)
            $0.applicationName = "wheels-db/first"
        }
        try await waitUntil(
            """
            exists (select from pg_locks where not granted and database = (
              select oid from pg_database where datname = current_database()))
            """, session)
        let error = try await bench.failure()
        #expect(error.code == "policy.locked" && error.failureClass == .locked)
        #expect(error.summary.contains("wheels-db/first"), "\(error)")
        // Reading asks for no lock.
        #expect(try await bench.plan().pending.map(\.relation.name) == ["notes"])
        try await holder.executeScript("commit")
        #expect(try await first.applied.count == 2)
        #expect(try await bench.apply().applied.isEmpty)
    }

    @Test(.scratchDatabase) func `what changes between comparing and changing is compared again`() async throws {
        let bench = try PolicyBench()
        let session = try await bench.withNotes()
        let psql = try await BlockingPsql(ScratchDatabase.current.settings)
        var options = PolicyOptions(toolVersion: "test")
        options.lockRetry = RetryPolicy(limit: .seconds(30), firstPause: .milliseconds(5))
        let events = bench.events
        let applier = PolicyApplier(settings: try ScratchDatabase.current.settings, options: options) { event in
            events.note(event)
            guard case .started(let relation, _) = event, relation.name == "notes" else { return }
            psql.run("create policy \"notes: read\" on public.notes for all using (true)")
        }
        let report = try await applier.apply(try bench.read())
        #expect(bench.events.retries == 1)
        let notes = try #require(report.applied.first { $0.relation.name == "notes" })
        #expect(notes.changes.contains { $0.sql == "DROP POLICY \"notes: read\" ON \"public\".\"notes\"" })
        #expect(try await session.text("select polcmd::text from pg_policy where polname = 'notes: read'") == "r")
        #expect(try await bench.plan().changes.isEmpty)
    }

    @Test(.scratchDatabase) func `a role that owns nothing changes nothing`() async throws {
        let bench = try PolicyBench()
        let session = try await bench.withNotes()
        let stranger = try await bench.failure(as: "supabase_storage_admin")
        #expect(stranger.failureClass == .permission)
        #expect(stranger.remedy?.sentence.contains("postgres") == true)
        try await bench.apply()
        let superuser = try await ScratchDatabase.current.superuserSession()
        try await superuser.executeScript("alter table public.notes owner to supabase_admin")
        try await session.executeScript("truncate wheels_migrations.policy_files")
        try bench.write(PolicyBench.file.replacing("title is null", with: "title is not null"), as: "notes.sql")
        let error = try await bench.failure()
        #expect(error.failureClass == .permission, "\(error)")
        #expect(error.summary.contains("public.notes"), "\(error)")
    }

    @Test(.scratchDatabase) func `a privilege that another role granted cannot be revoked, and that is told`()
        async throws
    {
        let bench = try PolicyBench()
        let session = try await bench.withNotes()
        try await bench.apply()
        let superuser = try await ScratchDatabase.current.superuserSession()
        try await superuser.executeScript(
            """
            grant insert on public.notes to dashboard_user with grant option;
            set role dashboard_user; grant insert on public.notes to anon; reset role;
            """)
        let error = try await bench.failure()
        #expect(error.code == "policy.not-converged", "\(error)")
        #expect(error.summary.contains("anon has INSERT"), "\(error)")
        #expect(try await session.text("select has_table_privilege('anon', 'public.notes', 'insert')::text") == "true")
    }

    @Test(.scratchDatabase, .requiresPgBouncer)
    func `a pooler that lends no session is refused, one that does is not`() async throws {
        let bench = try PolicyBench()
        try await bench.withNotes()
        let folder = try bench.read()
        let options = PolicyOptions(toolVersion: "test")
        _ = try await withPgBouncer(.transaction, before: try ScratchDatabase.current.settings) { pooled in
            await #expect(throws: TransactionPoolerError.self) {
                _ = try await PolicyApplier(settings: pooled, options: options).apply(folder)
            }
        }
        #expect(try await bench.plan().pending.count == 2)
        try await withPgBouncer(.session, before: try ScratchDatabase.current.settings) { pooled in
            let applier = PolicyApplier(settings: pooled, options: options)
            let first = try await applier.apply(folder)
            let second = try await applier.apply(folder)
            #expect(first.applied.count == 2 && second.applied.isEmpty)
        }
    }

    @Test(.scratchDatabase) func `names that need quotes, and a hostile search path`() async throws {
        let bench = try PolicyBench()
        let session = try await ScratchDatabase.current.session()
        let database = try ScratchDatabase.current.name
        try await session.executeScript(
            #"""
            create type public."Kind""s" as enum ('a');
            create table public."Über ""Trips""" ("User Id" uuid, "select" int, kind public."Kind""s");
            create schema evil;
            create function evil.uid() returns uuid language sql as 'select null::uuid';
            """#)
        try await session.executeScript(
            "alter database \"\(database)\" set search_path = evil, public, pg_catalog")
        try bench.write(
            #"""
            alter table public."Über ""Trips""" enable row level security;
            create policy "a ""b"" 'c' \ü" on /* here */ public . "Über ""Trips""" for all to authenticated
              using ((select auth.uid()) = public."Über ""Trips"""."User Id" and kind = 'a')
              with check ((select auth.uid()) = "User Id");
            comment on policy "a ""b"" 'c' \ü" on public."Über ""Trips""" is 'it''s \ fine';
            grant select, update ("select", "User Id") on public."Über ""Trips""" to authenticated;
            """#, as: "Über \"Trips\".sql")
        try await bench.apply()
        #expect(try await bench.plan().changes.isEmpty)
        let policy = #""a ""b"" 'c' \ü" on public."Über ""Trips""""#
        try await session.executeScript(
            "alter policy \(policy) using (true) with check (true); comment on policy \(policy) is 'x';"
                + #"revoke all on public."Über ""Trips""" from authenticated"#)
        #expect(try await bench.apply().applied.flatMap(\.changes).count == 3)
        #expect(try await bench.plan().changes.isEmpty)
    }

    private func waitUntil(_ condition: String, _ session: Session) async throws {
        let deadline = ContinuousClock.now + .seconds(30)
        while try await session.text("select (\(condition))::text") != "true", ContinuousClock.now < deadline {
            try await Task.sleep(for: .milliseconds(10))
        }
    }
}

/// `psql` for event handlers, which cannot wait for a session.
private struct BlockingPsql: Sendable {
    let path: String
    let environment: [String: String]

    init(_ settings: ConnectionSettings) async throws {
        path = try await ThrowawayServer.binaries.directory + "/psql"
        environment = ["PATH": "/usr/bin:/bin"].merging(settings.environment) { $1 }
    }

    func run(_ sql: String) {
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = ["--no-psqlrc", "--quiet", "--command", sql]
        process.environment = environment
        process.standardOutput = FileHandle.nullDevice
        do { try process.run() } catch { Issue.record("\(error)") }
        process.waitUntilExit()
    }
}
