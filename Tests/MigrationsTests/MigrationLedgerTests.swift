import Diagnostics
import Migrations
import PostgresClient
import PostgresTesting
import Testing

@Suite("MigrationLedger", .tags(.server))
struct MigrationLedgerTests {
    /// The statements with which the Supabase CLI makes its table, and the row it writes.
    private static let supabase = """
        create schema if not exists supabase_migrations;
        create table if not exists supabase_migrations.schema_migrations (version text not null primary key);
        alter table supabase_migrations.schema_migrations add column if not exists statements text[];
        alter table supabase_migrations.schema_migrations add column if not exists name text;
        """

    @Test(.scratchDatabase) func `the row is what the Supabase CLI writes`() async throws {
        let bench = try MigrationBench().write(
            "-- a comment\nselect 'it''s \"quoted\" \\ {curly}, é🐘';;\n\n  select $$a;\nb$$ ;\n-- the end\n")
        try await bench.up()
        let session = try await ScratchDatabase.current.session()
        let sql = """
            select (version, name) = ('20260101000001', 'file1') and statements = array[
                E'-- a comment\\nselect ''it''''s "quoted" \\\\ {curly}, é🐘''', E'select $$a;\\nb$$', '-- the end']
            from supabase_migrations.schema_migrations
            """
        #expect(try await session.text(sql) == "t")
        #expect(
            try await MigrationLedger.read(from: session).entries.first?.statements
                == bench.read().files[0].ledgerStatements)
    }

    @Test(.scratchDatabase) func `the tables are those that the Supabase CLI makes`() async throws {
        let scratch = try ScratchDatabase.current
        let other = try await scratch.anotherDatabase()
        try await scratch.session(to: other).executeScript(Self.supabase)
        try await MigrationBench().write("select 1;").up()
        let arguments = ["--schema=supabase_migrations"]
        let ours = try await PgDump.schema(of: scratch.settings, arguments: arguments)
        #expect(try await ours == PgDump.schema(of: other, arguments: arguments))
    }

    @Test(.scratchDatabase) func `rows of the Supabase CLI and hosted projects are understood, more columns kept`()
        async throws
    {
        let session = try await ScratchDatabase.current.session()
        try await session.executeScript(
            Self.supabase + """
                alter table supabase_migrations.schema_migrations add column created_by text, add column idempotency_key text unique,
                  add column rollback text[];
                insert into supabase_migrations.schema_migrations (version, name, statements, created_by) values
                  ('20260101000001', 'file1', array['select 1'], 'someone@example.com'), ('20260101000002', null, null, null),
                  ('20260101000003', 'file3', '{}', null);
                """)
        let bench = try MigrationBench().write("select 1;", "select 2;", "select 3;", "select 4;")
        #expect(try await bench.up().applied.map(\.name) == ["file4"])
        let kept = "select count(*)::text from supabase_migrations.schema_migrations where created_by is not null"
        #expect(try await session.text(kept) == "1")
    }

    @Test(.scratchDatabase) func `a ledger of the first Supabase CLI, versions alone, is read and completed`()
        async throws
    {
        let session = try await ScratchDatabase.current.session()
        try await session.executeScript(
            "create schema supabase_migrations; create table supabase_migrations.schema_migrations (version text primary key);"
                + "insert into supabase_migrations.schema_migrations values ('20260101000001');")
        let bench = try MigrationBench().write("select 1;", "select 2;")
        #expect(try await bench.plan().entries.map(\.state) == [.applied, .pending])
        #expect(try await bench.up().applied.map(\.name) == ["file2"])
        #expect(try await session.text("select name from supabase_migrations.schema_migrations order by 1") == "file2")
    }

    @Test(.scratchDatabase) func `the table of events is closed to the API roles`() async throws {
        try await MigrationBench().write("select 1;").up()
        let session = try await ScratchDatabase.current.session()
        let sql = """
            select bool_or(has_schema_privilege(r, 'wheels_migrations', 'usage')
                or has_table_privilege(r, 'wheels_migrations.events', 'select, insert, update, delete'))::text
            from unnest(array['anon', 'authenticated', 'service_role']) r
            """
        #expect(try await session.text(sql) == "false")
        #expect(try await session.text("select tool_version from wheels_migrations.events") == "test")
    }

    @Test(.scratchDatabase) func `an edited and a deleted applied file stop the run before anything new`() async throws
    {
        let bench = try MigrationBench().write("create table public.a (id int);", "select 2;")
        try await bench.up()
        try bench.write("create table public.a (id bigint);", as: MigrationBench.name(1))
        try bench.write("create table public.b (id int);", as: MigrationBench.name(3))
        let error = try await bench.failure()
        #expect(error.code == "migration.edited" && error.failureClass == .refused)
        #expect(error.span?.description == "\(bench.path(MigrationBench.name(1))):1:1")
        try bench.write("-- only a comment\ncreate table public.a (id INT);", as: MigrationBench.name(1))
        #expect(try await bench.up().findings.map(\.code) == ["migration.reformatted"])
    }
}
