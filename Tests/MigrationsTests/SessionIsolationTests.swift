import Diagnostics
import Migrations
import PostgresClient
import PostgresTesting
import Testing

@Suite("One file after another", .tags(.server))
struct SessionIsolationTests {
    private static let look = """
        create table public.seen as select current_setting('search_path') as path, current_user::text as who,
            current_setting('statement_timeout') as timeout, nullif(current_setting('my.own', true), '') as own,
            current_setting('session_replication_role') as mode, to_regclass('pg_temp.temporary')::text as temporary,
            (select count(*) from pg_prepared_statements)::text as prepared,
            (select count(*) from pg_cursors)::text as cursors,
            (select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid())::text as locks,
            current_setting('role') as role, current_setting('standard_conforming_strings') as strings;
        """

    @Test(
        .scratchDatabase,
        arguments: [
            "set search_path = pg_temp;", "select set_config('search_path', '', false);", "set role authenticated;",
            "set local role anon;", "set statement_timeout = '1h';", "set my.own = 'x';",
            "create temporary table temporary (id int);", "prepare p as select 1;",
            "declare c cursor with hold for select 1;", "select pg_advisory_lock(1);",
            "set standard_conforming_strings = off;", "set session authorization default;",
            "listen a; set time zone 'Asia/Tokyo'; set datestyle = 'German';",
        ])
    func `a file finds the session as new, whatever the one before set`(script: String) async throws {
        let fresh = try MigrationBench().write(Self.look)
        let scratch = try ScratchDatabase.current
        let other = try await scratch.anotherDatabase()
        try await fresh.up(other)
        let bench = try MigrationBench().write(script, Self.look)
        try await bench.up()
        let sql = "select seen::text from public.seen"
        let expected = try await scratch.session(to: other).text(sql)
        #expect(try await scratch.session().text(sql) == expected)
    }

    @Test(
        .scratchDatabase,
        arguments: [
            "set role authenticated;", "set local role anon;", "set search_path = '';", "reset role;", "reset all;",
            "set default_tablespace = pg_default; set row_security = off;",
        ])
    func `the ledger row is written whatever role and path the file leaves`(script: String) async throws {
        let bench = try MigrationBench().write(script)
        try await bench.up()
        let session = try await ScratchDatabase.current.session()
        #expect(try await session.applied() == "1")
        #expect(try await session.text("select role from wheels_migrations.events") == "postgres")
    }

    @Test(.scratchDatabase) func `a file that makes the transaction read-only says that it cannot be recorded`()
        async throws
    {
        let error = try await MigrationBench().write("set transaction read only;").failure()
        #expect(error.summary.contains("could not be recorded as applied"))
        #expect(error.summary.contains("25006"))
    }
}
