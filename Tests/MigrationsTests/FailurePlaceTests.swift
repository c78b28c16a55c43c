import Diagnostics
import Migrations
import PostgresClient
import PostgresTesting
import Testing

@Suite("The place of a failure", .tags(.server))
struct FailurePlaceTests {
    /// A file, and the line, column and text under the caret that its error has to point to.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let text: String
        let line: Int
        let column: Int
        let says: String
    }

    static let cases = [
        Case(
            testDescription: "a table that does not exist", text: "select 1;\n  select * from public.nope;", line: 2,
            column: 17, says: "42P01"),
        Case(
            testDescription: "after characters of several bytes",
            text: "-- größe 🐘\nselect 1; select 'ééé🐘', nope;", line: 2, column: 26, says: "42703"),
        Case(
            testDescription: "with CRLF and a byte order mark",
            text: "\u{FEFF}-- é\r\nselect 1;\r\nselect\r\n\t'é', nope;\r\n", line: 4, column: 7, says: "42703"),
        Case(
            testDescription: "on the first line behind a byte order mark", text: "\u{FEFF}select nope;", line: 1,
            column: 8,
            says: "42703"),
        Case(
            testDescription: "a comment before the statement", text: "/* é\n */ -- x\n  insert into nope values (1);",
            line: 3,
            column: 15, says: "42P01"),
        Case(
            testDescription: "no position: the statement", text: "select 1;\n\n  -- why\n  select 1 / 0;", line: 4,
            column: 3,
            says: "22012"),
        Case(
            testDescription: "within a DO block",
            text: "select 1;\ndo $$\nbegin\n  perform 1;\n    perform 1 / 0;\nend $$;",
            line: 5, column: 5, says: "22012"),
        Case(
            testDescription: "within a DO block on one line", text: "do $x$ begin raise exception 'größe'; end $x$;",
            line: 1, column: 8, says: "größe"),
        Case(
            testDescription: "within a called function: the call",
            text:
                "create function public.f() returns int language plpgsql as $$\nbegin\n  return 1 / 0;\nend $$;\nselect public.f();",
            line: 5, column: 1, says: "PL/pgSQL function f() line 3"),
        Case(
            testDescription: "the body of a PL/pgSQL function",
            text:
                "create function public.f() returns int language plpgsql as $$\nbegin\n  retur 1;\nend $$;", line: 3,
            column: 3, says: "42601"),
        Case(
            testDescription: "the body of a SQL function",
            text: "create function public.f() returns int language sql as $$\n  select é from public.nope;\n$$;",
            line: 2,
            column: 17, says: "42P01"),
        Case(
            testDescription: "COMMIT within a block", text: "do $$\nbegin\n  commit;\nend $$;", line: 3, column: 3,
            says: "2D000"),
    ]

    @Test(.scratchDatabase, arguments: cases) func `is file, line and column`(example: Case) async throws {
        let bench = try MigrationBench().write(example.text)
        let error = try await bench.failure()
        let span = try #require(error.span)
        #expect(span.line == example.line && span.column == example.column, "\(span)\n\(span.excerpt)")
        #expect(error.summary.hasPrefix("\(bench.path(MigrationBench.name(1))):\(example.line):\(example.column): "))
        #expect(error.summary.contains(example.says))
        #expect(error.remedy != nil)
    }

    @Test(.scratchDatabase) func `a new enum value cannot be used in its file, and the remedy says where`() async throws
    {
        let bench = try MigrationBench().write(
            "create type public.mood as enum ('fine');\ncreate table public.a (mood public.mood);",
            "alter type public.mood add value 'great';\ninsert into public.a values ('great');")
        let error = try await bench.failure()
        #expect(error.summary.contains("55P04") && error.span?.line == 2)
        #expect(error.remedy?.sentence.contains("to a migration of their own") == true)
        try bench.write("alter type public.mood add value 'great';", as: MigrationBench.name(2))
        try bench.write("insert into public.a values ('great');", as: MigrationBench.name(3))
        #expect(try await bench.up().applied.count == 2)
    }

    @Test(.scratchDatabase) func `a statement_timeout is named, with the line that lifts it`() async throws {
        let bench = try MigrationBench().write("set statement_timeout = '50ms';\nselect pg_sleep(60);")
        let error = try await bench.failure()
        #expect(error.summary.contains("57014") && error.span?.line == 2)
        #expect(error.remedy?.sentence.contains("set local statement_timeout") == true)
    }

    @Test(.scratchDatabase) func `transaction control is refused with its place and nothing runs`() async throws {
        let bench = try MigrationBench().write(
            "create table public.a (id int);", "begin;\ncreate table public.b (id int);\ncommit;")
        let error = try await bench.failure()
        #expect(error.code == "migration.transaction-control" && error.failureClass == .refused)
        #expect(error.findings.map(\.span?.line) == [1, 3])
        let session = try await ScratchDatabase.current.session()
        #expect(try await session.text("select to_regclass('public.a')::text") == nil)
    }
}
