import Diagnostics
import Migrations
import PostgresClient
import PostgresTesting
import Testing

@Suite("Statements that no transaction can hold", .tags(.server))
struct OutsideTransactionTests {
    private static let table = "create table public.a (id int); insert into public.a values (1), (1);"

    @Test(
        .scratchDatabase,
        arguments: [
            "create index concurrently a_id on public.a (id);",
            "-- why\nCREATE INDEX CONCURRENTLY IF NOT EXISTS a_id ON public.a (id);",
            "vacuum public.a;", "vacuum (analyze) public.a;", "reindex (concurrently) table public.a;",
            "reindex schema public;",
            "reindex table concurrently public.a;",
        ])
    func `run alone in their file and are recorded`(script: String) async throws {
        let bench = try MigrationBench().write(Self.table, script)
        #expect(try await bench.up().applied.count == 2)
        #expect(try await ScratchDatabase.current.session().applied() == "12")
    }

    @Test(
        .scratchDatabase,
        arguments: [
            "analyze public.a;", "alter type public.mood add value 'great';", "reindex table public.a;",
            "drop index public.a_id_idx;", "truncate public.a;", "cluster public.a using a_id_idx;",
        ])
    func `their cousins run in the file's transaction`(script: String) async throws {
        let bench = try MigrationBench().write(
            Self.table + "create index on public.a (id); create type public.mood as enum ('fine');",
            script + "select 1;")
        #expect(try await bench.plan().steps.map(\.outsideTransaction) == [nil, nil])
        #expect(try await bench.up().applied.count == 2)
    }

    @Test(.scratchDatabase) func `beside other statements they are refused before anything runs`() async throws {
        let bench = try MigrationBench().write(Self.table + "\ncreate index concurrently on public.a (id);")
        let error = try await bench.failure()
        #expect(error.code == "migration.mixed" && error.failureClass == .refused && error.span?.line == 2)
        #expect(error.remedy?.command == "wheels-db migrate new NAME")
        let session = try await ScratchDatabase.current.session()
        #expect(try await session.text("select to_regclass('public.a')::text") == nil)
    }

    @Test(.scratchDatabase)
    func `a failed concurrent build names the invalid index; a second try does not pass it off as built`()
        async throws
    {
        let bench = try MigrationBench().write(
            Self.table, "create unique index concurrently if not exists a_id on public.a (id);")
        let session = try await ScratchDatabase.current.session()
        let error = try await bench.failure()
        #expect(error.summary.contains("23505") && error.summary.contains("is not recorded as applied"))
        #expect(error.remedy?.sentence.contains("DROP INDEX CONCURRENTLY public.a_id;") == true)
        #expect(try await session.applied() == "1")

        // IF NOT EXISTS finds the invalid one and reports success.
        let again = try await bench.failure()
        #expect(again.code == "migration.invalid-index")
        #expect(again.remedy?.sentence.contains("DROP INDEX CONCURRENTLY public.a_id;") == true)
        #expect(try await session.applied() == "1")

        try await session.executeScript("drop index concurrently public.a_id")
        try await session.executeScript("delete from public.a")
        #expect(try await bench.up().applied.count == 1)
        #expect(
            try await session.text("select indisvalid::text from pg_index where indexrelid = 'public.a_id'::regclass")
                == "true")
    }

    @Test(.scratchDatabase) func `without the lock they do not begin`() async throws {
        let bench = try MigrationBench().write(
            Self.table, "create index concurrently a_id on public.a (id);")
        let scratch = try ScratchDatabase.current
        let psql = try await BlockingPsql(scratch.settings)
        let error = try #require(
            await #expect(throws: MigrationError.self) {
                try await bench.up(scratch.settings) { _ in
                } onEvent: { event in
                    guard case .applied = event else { return }
                    psql.run(
                        "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and database = "
                            + "(select oid from pg_database where datname = current_database())")
                }
            })
        #expect(error.code == "migration.lock-lost")
        let session = try await scratch.session()
        #expect(try await session.text("select to_regclass('public.a_id')::text") == nil)
    }
}
