import Diagnostics
import Foundation
import Migrations
import PostgresClient
import PostgresTesting
import Testing

@Suite("MigrationRunner", .tags(.server))
struct MigrationRunnerTests {
    /// Five files of which the third fails after two of its statements went well.
    private func fiveFiles() throws -> MigrationBench {
        try MigrationBench().write(
            "create table public.one (id int primary key);",
            "create table public.two (id int primary key);\ninsert into public.two values (1);",
            "create table public.three (id int);\ninsert into public.three values (1);\ninsert into public.two values (1);",
            "create table public.four (id int);", "create table public.five (id int);")
    }

    @Test(.scratchDatabase) func `of five files the third fails: two stay, the third leaves nothing, a fix goes on`()
        async throws
    {
        let bench = try fiveFiles()
        let error = try await bench.failure()
        let session = try await ScratchDatabase.current.session()
        #expect(error.code == "migration.failed")
        #expect(error.failureClass == .failure)
        #expect(error.span?.description == "\(bench.path(MigrationBench.name(3))):3:1")
        #expect(error.span?.excerpt == "insert into public.two values (1);\n^")
        #expect(error.summary.contains("Nothing of 20260101000003_file3.sql was kept."))
        #expect(error.summary.contains("20260101000001_file1.sql, 20260101000002_file2.sql"))
        #expect(error.summary.contains("23505"))
        #expect(try await session.applied() == "12")
        let tables =
            "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1"
        #expect(try await session.texts(tables) == ["one", "two"])
        #expect(try await session.text("select count(*)::text from wheels_migrations.events") == "2")

        try bench.write("create table public.three (id int);", as: MigrationBench.name(3))
        let report = try await bench.up()
        #expect(report.applied.map(\.name) == ["file3", "file4", "file5"])
        #expect(try await session.applied() == "12345")
        #expect(try await bench.up().applied.isEmpty)
    }

    @Test(.scratchDatabase) func `a syntax error in the last file is found before the first one runs`() async throws {
        let bench = try MigrationBench().write(
            "create table public.one (id int);", "create table public.two (id int);",
            "select 1;\r\n-- größe 🐘\r\nselect 'é', from;\r\n")
        let error = try await bench.failure()
        #expect(error.code == "migration.syntax")
        #expect(error.span?.line == 3)
        #expect(error.span?.excerpt == "select 'é', from;\n            ^")
        let session = try await ScratchDatabase.current.session()
        #expect(try await session.text("select to_regclass('public.one')::text") == nil)
        #expect(try await session.text("select to_regnamespace('supabase_migrations')::text") == nil)
    }

    @Test(.scratchDatabase) func `a deferred constraint that fails at COMMIT rolls its file back`() async throws {
        let bench = try MigrationBench().write(
            "create table public.a (id int primary key, other int references public.a deferrable initially deferred);",
            "create table public.b (id int);\ninsert into public.a values (1, 99);")
        let error = try await bench.failure()
        #expect(error.summary.contains("at COMMIT: "))
        #expect(error.summary.contains("23503"))
        #expect(error.summary.contains("Nothing of 20260101000002_file2.sql was kept."))
        let session = try await ScratchDatabase.current.session()
        #expect(try await session.text("select to_regclass('public.b')::text") == nil)
        #expect(try await session.applied() == "1")
    }

    @Test(.scratchDatabase) func `stopping the task stops the statement and keeps nothing of its file`() async throws {
        let bench = try MigrationBench().write(
            "create table public.a (id int);", "create table public.b (id int); select pg_sleep(600);")
        let session = try await ScratchDatabase.current.session()
        try await withThrowingTaskGroup(of: FailureClass?.self) { group in
            group.addTask {
                do {
                    try await bench.up()
                    return nil
                } catch { return (error as? any ExplainedError)?.failureClass }
            }
            try await session.wait(until: "exists (select from pg_stat_activity where \(Self.isSleeping))")
            group.cancelAll()
            #expect(try await group.next() == .interrupted)
        }
        #expect(try await session.text("select to_regclass('public.b')::text") == nil)
        #expect(try await session.applied() == "1")
        try await session.wait(
            until: "not exists (select from pg_stat_activity where datname = current_database() and "
                + "application_name = 'wheels-db/migrate')")
    }

    static let isSleeping =
        "datname = current_database() and query like '%pg_sleep%' and wait_event = 'PgSleep' and pid <> pg_backend_pid()"

    @Test(.scratchDatabase) func `nothing to do makes nothing, not even the ledger`() async throws {
        let bench = try MigrationBench()
        #expect(try await bench.up().applied.isEmpty)
        let session = try await ScratchDatabase.current.session()
        #expect(try await session.text("select to_regnamespace('wheels_migrations')::text") == nil)
    }

    @Test(.scratchDatabase) func `an empty file and a file of comments are recorded, with a warning`() async throws {
        let bench = try MigrationBench().write("", "-- nothing yet\n", "\u{FEFF}")
        let report = try await bench.up()
        #expect(report.applied.count == 3)
        #expect(report.findings.map(\.code) == Array(repeating: "migration.empty", count: 3))
        #expect(try await bench.plan().entries.map(\.state) == [.applied, .applied, .applied])
        #expect(try await bench.plan().findings.isEmpty)
    }

    @Test(.scratchDatabase) func `the last version bounds a run; an unknown one is a usage error`() async throws {
        let bench = try MigrationBench().write("select 1;", "select 2;", "select 3;")
        #expect(try await bench.up { $0.lastVersion = "20260101000002" }.applied.count == 2)
        let error = try await bench.failure { $0.lastVersion = "20260101000009" }
        #expect(error.failureClass == .usage)
    }

    @Test(.scratchDatabase) func `an out-of-order file is refused, and applied when allowed`() async throws {
        let bench = try MigrationBench().write("select 1;", "select 2;", "select 3;")
        try FileManager.default.moveItem(atPath: bench.path(MigrationBench.name(2)), toPath: bench.path("later"))
        try await bench.up()
        try FileManager.default.moveItem(atPath: bench.path("later"), toPath: bench.path(MigrationBench.name(2)))
        let error = try await bench.failure()
        #expect(error.code == "migration.out-of-order")
        #expect(error.failureClass == .refused)
        #expect(try await bench.up { $0.includesOutOfOrder = true }.applied.map(\.name) == ["file2"])
        let session = try await ScratchDatabase.current.session()
        let flag = "select string_agg(detail->>'out_of_order', ',' order by id) from wheels_migrations.events"
        #expect(try await session.text(flag) == "false,false,true")
    }
}
