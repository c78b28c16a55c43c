import Diagnostics
import Migrations
import PostgresClient
import PostgresTesting
import Testing

@Suite("Waiting for locks", .tags(.server))
struct LockWaitTests {
    private static let script = "alter table public.busy add column note text;"

    /// A table that another session holds.
    private func blocker() async throws -> (session: Session, pid: Int) {
        let session = try await ScratchDatabase.current.session()
        try await session.executeScript("create table public.busy (id int)")
        try await session.executeScript("begin; select count(*) from public.busy;")
        return (session, Int(try #require(try await session.text("select pg_backend_pid()::text"))) ?? 0)
    }

    @Test(.scratchDatabase) func `a file that cannot get its lock is tried again and succeeds once it is free`()
        async throws
    {
        let (blocker, pid) = try await blocker()
        let bench = try MigrationBench().write(Self.script)
        async let run = bench.up {
            $0.lockTimeout = .milliseconds(150)
            $0.lockRetry = RetryPolicy(
                limit: .seconds(60), firstPause: .milliseconds(20), longestPause: .milliseconds(50))
        }
        let deadline = ContinuousClock.now + .seconds(30)
        while bench.events.retries < 2 || bench.events.blockers.isEmpty, ContinuousClock.now < deadline {
            try await Task.sleep(for: .milliseconds(10))
        }
        try await blocker.executeScript("commit")
        #expect(try await run.applied.count == 1)
        #expect(bench.events.retries >= 2)
        let seen = try #require(bench.events.blockers.first)
        #expect(seen.pid == pid && seen.role == "postgres" && seen.state == "idle in transaction")
        #expect(
            try await blocker.text("select detail->>'retries' from wheels_migrations.events")
                == "\(bench.events.retries)")
    }

    @Test(.scratchDatabase) func `when the time is over the error names the blocker, and nothing is kept`() async throws
    {
        let (blocker, pid) = try await blocker()
        let bench = try MigrationBench().write("create table public.first (id int);\n" + Self.script)
        let error = try await bench.failure { $0.lockTimeout = .seconds(4) }
        #expect(error.summary.contains("55P03"))
        #expect(error.summary.contains("process \(pid) (role postgres, wheels-db/test, idle in transaction"))
        #expect(error.span?.line == 2)
        #expect(error.remedy?.sentence.contains("sessions named above") == true)
        #expect(try await blocker.text("select to_regclass('public.first')::text") == nil)
        try await blocker.executeScript("commit")
        #expect(try await bench.up().applied.count == 1)
    }

    @Test(.scratchDatabase) func `the queue behind a waiting file moves on while the file pauses`() async throws {
        let (blocker, _) = try await blocker()
        let bench = try MigrationBench().write(Self.script)
        async let run = bench.up {
            $0.lockTimeout = .milliseconds(200)
            $0.lockRetry = RetryPolicy(limit: .seconds(60), firstPause: .milliseconds(300))
        }
        try await blocker.wait(
            until: "exists (select from pg_locks where not granted and relation = 'public.busy'::regclass)")
        // A reader queues behind the ALTER TABLE, and gets through when that gives up its place.
        let reader = try await ScratchDatabase.current.session()
        #expect(try await reader.text("select count(*)::text from public.busy") == "0")
        try await blocker.executeScript("commit")
        #expect(try await run.applied.count == 1)
    }

    @Test(.scratchDatabase) func `a lock_timeout of the file itself counts`() async throws {
        let (blocker, _) = try await blocker()
        let bench = try MigrationBench().write("set local lock_timeout = '10ms';\n" + Self.script)
        let error = try await bench.failure { $0.lockTimeout = .seconds(600) }
        #expect(error.summary.contains("55P03"))
        #expect(error.remedy?.sentence.contains("Wait until nobody uses the table") == true)
        try await blocker.executeScript("commit")
    }

    @Test(.scratchDatabase) func `a concurrent index build waits for a running backup and says for whom`() async throws
    {
        let scratch = try ScratchDatabase.current
        let session = try await scratch.session()
        try await session.executeScript("create table public.busy (id int);")
        let backup = try await Session.connect(to: scratch.settings, applicationName: "wheels-db/backup")
        try await backup.executeScript("begin isolation level repeatable read; select count(*) from public.busy;")
        let bench = try MigrationBench().write("create index concurrently busy_id on public.busy (id);")
        async let run = bench.up { $0.lockTimeout = .milliseconds(100) }
        let deadline = ContinuousClock.now + .seconds(30)
        while bench.events.blockers.isEmpty, ContinuousClock.now < deadline {
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(bench.events.blockers.map(\.applicationName).contains("wheels-db/backup"))
        await backup.close()
        #expect(try await run.applied.count == 1)
    }
}
