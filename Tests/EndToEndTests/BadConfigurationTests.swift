import Foundation
import PostgresClient
import PostgresTesting
import Testing

@Suite("Configuration, guards and rights", .tags(.server))
struct BadConfigurationTests {
    private static let configuration = """
        environments:
          production:
            url_from: PRODUCTION_URL
            ref: abcdefghijklmnopqrst
            protected: true
        """

    @Test(.scratchDatabase) func `an unknown key in wheels-db.yml ends with 64 and names the nearest one`() async throws
    {
        let work = try Workplace()
        try work.write(Self.configuration.replacing("protected:", with: "protcted:"), to: "wheels-db.yml")
        try work.write("create table public.one (id int);", to: "migrations/20260101000000_one.sql")
        let outcome = try await work.run(["migrate", "status"], on: try ScratchDatabase.current.settings)
        #expect(outcome.status == 64, "\(outcome)")
        #expect(outcome.errors.contains("wheels-db.yml:5"), "\(outcome)")
        #expect(outcome.errors.contains("protcted") && outcome.errors.contains("protected"), "\(outcome)")
    }

    @Test(.scratchDatabase) func `a protected environment is changed only when its ref is given`() async throws {
        let work = try Workplace()
        let scratch = try ScratchDatabase.current
        try work.write(Self.configuration, to: "wheels-db.yml")
        try work.write("create table public.one (id int);", to: "migrations/20260101000000_one.sql")
        let variables = ["PRODUCTION_URL": scratch.settings.url]
        let before = try await PgDump.schema(of: scratch.settings)
        for more in [[], ["--yes"], ["--confirm", "wrong"]] {
            let outcome = try await work.program.run(
                ["migrate", "up", "--env", "production"] + more, adding: variables)
            #expect(outcome.status == 19, "\(more): \(outcome)")
        }
        #expect(try await PgDump.schema(of: scratch.settings) == before)
        let named = try await work.program.run(
            ["migrate", "up", "--env", "production", "--confirm", "abcdefghijklmnopqrst"], adding: variables)
        #expect(named.status == 0, "\(named)")
    }

    @Test(.scratchDatabase) func `a role that row level security would hide rows from ends with 15`() async throws {
        let work = try Workplace()
        let scratch = try ScratchDatabase.current
        let role = "reader_\(scratch.name)"
        let admin = try await scratch.superuserSession()
        try await scratch.session().executeScript(
            """
            create table public.hidden (id int, owner uuid); insert into public.hidden values (1, gen_random_uuid());
            alter table public.hidden enable row level security;
            """
        )
        try await admin.executeScript(
            """
            create role \(role) login password 'reader-word'; grant pg_read_all_data to \(role);
            grant connect on database \(scratch.name) to \(role);
            """
        )
        #expect(try await work.makeRepository().status == 0)
        let objects = work.objects()
        let outcome = try await work.backUp(scratch.settings(as: role))
        try await admin.executeScript("drop owned by \(role); drop role \(role)")
        #expect(outcome.status == 15, "\(outcome)")
        #expect(outcome.errors.contains("public.hidden"), "\(outcome)")
        #expect(outcome.errors.contains("would not see every row"), "\(outcome)")
        #expect(work.objects() == objects)
    }

    @Test(.scratchDatabase) func `a failing statement in file 3 of 5 is rolled back and named by line and column`()
        async throws
    {
        let work = try Workplace()
        let scratch = try ScratchDatabase.current
        for number in 1...5 {
            let text =
                number == 3
                ? "create table public.t3 (id int);\n-- zweite Zeile: Größe\ninsert into public.t3 values (1),\n  ('näh');\n"
                : "create table public.t\(number) (id int);\n"
            try work.write(text, to: "migrations/2026010100000\(number)_t\(number).sql")
        }
        let outcome = try await work.run(["migrate", "up"], on: scratch.settings)
        #expect(outcome.status == 1, "\(outcome)")
        #expect(outcome.errors.contains("20260101000003_t3.sql:4:4"), "\(outcome)")
        #expect(outcome.errors.contains("^"), "\(outcome)")
        let tables = try await scratch.session().query(
            "select string_agg(relname, ' ' order by relname) from pg_class where relname like 't_' and relkind = 'r'"
        )
        #expect(tables.first?[0] == "t1 t2")
        let status = try await work.run(["migrate", "status", "--exit-code"], on: scratch.settings)
        #expect(status.status == 2, "\(status)")
    }

    @Test(.scratchDatabase) func `invalid UTF-8 in a migration is found before anything runs`() async throws {
        let work = try Workplace()
        let scratch = try ScratchDatabase.current
        try work.write("create table public.one (id int);", to: "migrations/20260101000000_one.sql")
        try work.write(
            Data("select 1;\nselect '".utf8) + Data([0xff, 0xfe]) + Data("';\n".utf8),
            to: "migrations/20260101000001_two.sql")
        let before = try await PgDump.schema(of: scratch.settings)
        let outcome = try await work.run(["migrate", "up"], on: scratch.settings)
        #expect(outcome.status != 0, "\(outcome)")
        #expect(outcome.errors.contains("20260101000001_two.sql:2"), "\(outcome)")
        #expect(outcome.errors.contains("UTF-8"), "\(outcome)")
        #expect(try await PgDump.schema(of: scratch.settings) == before)
    }
}
