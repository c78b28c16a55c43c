import Diagnostics
import Foundation
import LocalPostgres
import Migrations
import PostgresClient
import PostgresTesting
import Testing

@Suite("The lock of a run", .tags(.server))
struct MigrationLockTests {
    private static let count = 12

    /// Files that would show a second application: a row for each, and tables that cannot be made twice.
    private func bench() throws -> MigrationBench {
        let bench = try MigrationBench()
        try bench.write("create table public.runs (file int);", as: "20260101000000_runs.sql")
        for number in 1...Self.count {
            try bench.write(
                "create table public.t\(number) (id int);\ninsert into public.runs values (\(number));",
                as: "202601010001\(number + 10)_t\(number).sql")
        }
        return bench
    }

    @Test(.scratchDatabase) func `eight runners at once apply each file exactly once`() async throws {
        let bench = try bench()
        let applied = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    // A runner that finds the lock taken tries again, as a deploy would.
                    while true {
                        do { return try await bench.up().applied.count } catch let error as MigrationError {
                            guard error.code == "migration.locked", error.failureClass == .locked else { throw error }
                            try await Task.sleep(for: .milliseconds(5))
                        }
                    }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(applied.sorted() == Array(repeating: 0, count: 7) + [Self.count + 1])
        let session = try await ScratchDatabase.current.session()
        #expect(
            try await session.texts("select file::text from public.runs order by runs.file")
                == (1...Self.count).map(String.init))
        #expect(try await session.text("select count(*)::text from wheels_migrations.events") == "\(Self.count + 1)")
    }

    @Test(.scratchDatabase) func `a second runner is refused and told who holds the lock`() async throws {
        let bench = try MigrationBench().write("select pg_sleep(600);")
        let session = try await ScratchDatabase.current.session()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { _ = try? await bench.up { $0.applicationName = "wheels-db/deploy" } }
            try await session.wait(until: Self.sleeps)
            let error = try await bench.failure()
            #expect(error.code == "migration.locked" && error.failureClass == .locked)
            let snapshot =
                "select backend_xmin::text from pg_stat_activity where pid = (select pid from pg_locks where \(Self.isHolder))"
            #expect(try await session.text(snapshot) == nil, "a concurrent index build would wait for this snapshot")
            let pid = try #require(try await session.text("select pid::text from pg_locks where \(Self.isHolder)"))
            #expect(
                error.summary.contains("wheels-db/deploy, process \(pid), role postgres, from this machine, since "))
            group.cancelAll()
        }
        try await session.wait(until: "not exists (select from pg_locks where \(Self.isHolder))")
    }

    @Test(.scratchDatabase) func `the lock is one of the database: runs on two databases do not meet`() async throws {
        let scratch = try ScratchDatabase.current
        let other = try await scratch.anotherDatabase()
        let slow = try MigrationBench().write("select pg_sleep(600);")
        let session = try await scratch.session()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { _ = try? await slow.up() }
            try await session.wait(until: Self.sleeps)
            #expect(try await MigrationBench().write("select 1;").up(other).applied.count == 1)
            group.cancelAll()
        }
    }

    @Test(.scratchDatabase)
    func `when the holder is killed the statement stops, nothing is kept, the next run goes on`()
        async throws
    {
        let bench = try MigrationBench().write(
            "create table public.a (id int);", "create table public.b (id int);\nselect pg_sleep(600);",
            "create table public.c (id int);")
        let session = try await ScratchDatabase.current.session()
        let begin = ContinuousClock.now
        async let run = bench.failure { $0.heartbeat = .milliseconds(50) }
        try await session.wait(until: Self.sleeps)
        try await session.execute(
            Query(unsafeSQL: "select pg_terminate_backend(pid) from pg_locks where \(Self.isHolder)"))
        let error = try await run
        #expect(error.code == "migration.lock-lost" && error.failureClass == .unreachable)
        #expect(error.summary.contains("Nothing of 20260101000002_file2.sql was kept"))
        #expect(error.summary.contains("20260101000001_file1.sql"))
        #expect(ContinuousClock.now - begin < .seconds(60))
        #expect(try await session.applied() == "1")
        #expect(try await session.text("select to_regclass('public.b')::text") == nil)
        try bench.write("create table public.b (id int);", as: MigrationBench.name(2))
        #expect(try await bench.up().applied.count == 2)
    }

    @Test(.scratchDatabase) func `a holder killed between two heartbeats is noticed before COMMIT`() async throws {
        let bench = try MigrationBench().write(
            "create table public.a (id int);\nselect pg_terminate_backend(pid) from pg_locks where \(Self.isHolder);")
        let error = try await bench.failure()
        #expect(error.code == "migration.lock-lost")
        let session = try await ScratchDatabase.current.session()
        #expect(try await session.text("select to_regclass('public.a')::text") == nil)
    }

    @Test(.scratchDatabase) func `a client that is killed frees the lock`() async throws {
        let scratch = try ScratchDatabase.current
        let session = try await scratch.session()
        let psql = Process()
        psql.executableURL = URL(filePath: try await ThrowawayServer.binaries.directory + "/psql")
        psql.environment = ["PATH": "/usr/bin:/bin"].merging(scratch.settings.environment) { $1 }
        psql.environment?["PGAPPNAME"] = "wheels-db/migrate"
        let input = Pipe()
        psql.standardInput = input
        psql.standardOutput = FileHandle.nullDevice
        try psql.run()
        try input.fileHandleForWriting.write(
            contentsOf: Data("begin; select pg_try_advisory_xact_lock(x'77686c736d696772'::bigint);\n".utf8))
        try await session.wait(until: "exists (select from pg_locks where \(Self.isHolder))")
        let bench = try MigrationBench().write("select 1;")
        #expect(try await bench.failure().code == "migration.locked")
        kill(psql.processIdentifier, SIGKILL)
        psql.waitUntilExit()
        try await session.wait(until: "not exists (select from pg_locks where \(Self.isHolder))")
        #expect(try await bench.up().applied.count == 1)
    }

    @Test(.scratchDatabase) func `the lock is free when a run has failed or ended`() async throws {
        let bench = try MigrationBench().write("select nope;")
        let session = try await ScratchDatabase.current.session()
        for _ in 0..<3 { #expect(try await bench.failure().code == "migration.failed") }
        #expect(try await session.text("select count(*)::text from pg_locks where \(Self.isHolder)") == "0")
        try bench.write("select 1;", as: MigrationBench.name(1))
        for _ in 0..<3 { try await bench.up() }
    }

    private static let isHolder =
        "locktype = 'advisory' and granted and classid = x'77686c73'::int::oid and objid = x'6d696772'::int::oid "
        + "and database = (select oid from pg_database where datname = current_database())"
    private static let sleeps =
        "exists (select from pg_stat_activity where \(MigrationRunnerTests.isSleeping))"
}
