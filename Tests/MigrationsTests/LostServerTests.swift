import Diagnostics
import Foundation
import LocalPostgres
import Migrations
import PostgresClient
import PostgresTesting
import Testing

@Suite("A server that goes away", .tags(.server))
struct LostServerTests {
    @Test(.scratchDatabase) func `a backend killed in a statement: nothing of the file is kept, the next run goes on`()
        async throws
    {
        let bench = try MigrationBench().write(
            "create table public.a (id int);", "create table public.b (id int);\nselect pg_sleep(600);")
        let session = try await ScratchDatabase.current.session()
        async let run = bench.failure()
        let sleeping = MigrationRunnerTests.isSleeping
        try await session.wait(until: "exists (select from pg_stat_activity where \(sleeping))")
        try await session.execute(
            Query(unsafeSQL: "select pg_terminate_backend(pid) from pg_stat_activity where \(sleeping)"))
        let error = try await run
        #expect(error.code == "migration.failed" && error.failureClass == .unreachable)
        #expect(error.span?.line == 2)
        #expect(error.summary.contains("Nothing of 20260101000002_file2.sql was kept."))
        #expect(error.remedy?.sentence.contains("can be reached") == true)
        #expect(try await session.applied() == "1")
        #expect(try await session.text("select to_regclass('public.b')::text") == nil)
        try bench.write("create table public.b (id int);", as: MigrationBench.name(2))
        #expect(try await bench.up().applied.count == 1)
    }

    @Test(.scratchDatabase) func `a file that ends its own session is told apart from an unreachable server`()
        async throws
    {
        let bench = try MigrationBench().write("select 1;", "select pg_terminate_backend(pg_backend_pid());")
        let error = try await bench.failure()
        #expect(error.span?.line == 1)
        #expect(error.summary.contains("57P01"), "\(error.summary)")
        #expect(error.summary.contains("20260101000001_file1.sql"))
    }

    @Test(.scratchDatabase) func `the session lost between two files: what is applied is said`() async throws {
        let bench = try MigrationBench().write("select 1;", "select 2;")
        let scratch = try ScratchDatabase.current
        let psql = try await BlockingPsql(scratch.settings)
        let error = try #require(
            await #expect(throws: MigrationError.self) {
                try await bench.up(scratch.settings) { _ in
                } onEvent: { event in
                    guard case .applied = event else { return }
                    psql.run(
                        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() "
                            + "and application_name = 'wheels-db/migrate'")
                }
            })
        #expect(error.failureClass == .unreachable)
        #expect(error.summary.contains("20260101000002_file2.sql was not begun"))
        #expect(error.summary.contains("before it: 20260101000001_file1.sql"))
        let session = try await scratch.session()
        #expect(try await session.applied() == "1")
        #expect(try await bench.up().applied.count == 1)
    }

    @Test(.requiresServer, .timeLimit(.minutes(20))) func `a server that stops between two files and starts again`()
        async throws
    {
        let bench = try MigrationBench().write("create table public.a (id int);", "create table public.b (id int);")
        let home = try MigrationBench()
        let cluster = KeptCluster(folder: home.path("cluster"))
        let binaries = try await ThrowawayServer.binaries
        let server = try await cluster.start(binaries: binaries).server
        let error = try #require(
            await #expect(throws: MigrationError.self) {
                try await bench.up(server.settings()) { _ in
                } onEvent: { event in
                    if case .applied = event { Self.stop(server) }
                }
            })
        #expect(error.failureClass == .unreachable)
        #expect(error.summary.contains("20260101000002_file2.sql was not begun"))
        let again = try await cluster.start(binaries: binaries).server
        #expect(try await bench.up(again.settings()).applied.map(\.name) == ["file2"])
        try await cluster.stop()
    }

    /// Stops a server as a restart of the machine does, and waits until it is gone.
    private static func stop(_ server: LocalServer) {
        let file = server.dataDirectory + "/postmaster.pid"
        guard let line = try? String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").first,
            let pid = Int32(line)
        else {
            Issue.record("no server to stop")
            return
        }
        kill(pid, SIGINT)
        let deadline = ContinuousClock.now + .seconds(30)
        while FileManager.default.fileExists(atPath: file), ContinuousClock.now < deadline { usleep(10_000) }
    }
}
