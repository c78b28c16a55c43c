import Diagnostics
import Migrations
import SQLText
import Testing

@Suite("MigrationFile")
struct MigrationFileTests {
    private func file(_ text: String) throws -> MigrationFile {
        try MigrationFile(
            path: "m/1_a.sql", fileName: MigrationFileName(version: "20260101000000", name: "a"), text: text)
    }

    /// What `SplitAndTrim` of the Supabase CLI makes of the same text.
    @Test(arguments: [
        ("select 1;", ["select 1"]), ("select 1", ["select 1"]), ("", []), (" \n ", []), (";;", []),
        ("select 1;;\nselect 2;", ["select 1", "select 2"]), ("select 1 ;", ["select 1"]),
        ("-- a\nselect 1;\n-- b\nselect 2;", ["-- a\nselect 1", "-- b\nselect 2"]),
        ("select 1; -- end", ["select 1", "-- end"]), ("select 1 -- end", ["select 1 -- end"]),
        ("select 1;\n/* end */\n", ["select 1", "/* end */"]), ("select 1 /* x */;", ["select 1 /* x */"]),
        ("-- only", ["-- only"]), ("select 'a;b';\r\nselect $$;$$;\r\n", ["select 'a;b'", "select $$;$$"]),
        ("\u{FEFF}select 1;", ["select 1"]),
    ])
    func `the ledger gets the statements that the Supabase CLI writes`(text: String, statements: [String]) throws {
        #expect(try file(text).ledgerStatements == statements)
    }

    @Test func `the marker divides the file and places stay those of the file`() throws {
        let file = try file("create table a (id int);\n-- migrate:down\ndrop table a;\n")
        #expect(file.up.map(\.text) == ["create table a (id int)"])
        let down = try #require(file.down)
        #expect(down.map(\.text) == ["drop table a"])
        #expect(file.span(utf8Offset: down[0].utf8Range.lowerBound).description == "m/1_a.sql:3:1")
        #expect(file.ledgerStatements == ["create table a (id int)"])
    }

    @Test(arguments: ["--migrate:down", "--  MIGRATE:DOWN  ", "-- migrate:down\r"])
    func `the marker is known in its usual spellings`(marker: String) throws {
        #expect(try file("select 1;\n\(marker)\nselect 2;").down?.count == 1)
    }

    @Test(arguments: [
        "select $$\n-- migrate:down\n$$;", "/*\n-- migrate:down\n*/ select 1;", "select 1; -- migrate:down is not here",
    ])
    func `the words within a body, a comment or a line are no marker`(text: String) throws {
        let file = try file(text)
        #expect(file.down == nil && file.up.count == 1)
    }

    @Test(arguments: [
        ("select 1;\n  selec 2;", 2, 3, "  selec 2;\n  ^"), ("\u{FEFF}selec 1;", 1, 1, "selec 1;\n^"),
        ("\u{FEFF}-- é\r\nselect '🐘', 'é' x y;", 2, 19, "select '🐘', 'é' x y;\n                  ^"),
        ("select 1;\n-- migrate:down\nselec 2;", 3, 1, "selec 2;\n^"),
        ("\tselec 1;", 1, 2, "\tselec 1;\n\t^"),
    ])
    func `a syntax error has its line, column and caret`(text: String, line: Int, column: Int, excerpt: String) throws {
        let error = try #require(#expect(throws: SQLSyntaxError.self) { try file(text) })
        #expect(error.span?.line == line && error.span?.column == column)
        #expect(error.span?.excerpt == excerpt)
    }

    @Test(arguments: [
        ("\\connect other\nselect 1;", "\\connect is a command of psql", 1),
        ("select 1;\n\\i other.sql\n", "\\i is a", 2),
        ("\\restrict abc\nselect 1;", "\\restrict is a command of psql", 1),
        ("select 1;\ncopy public.a (id) from stdin;\n1\n2\n\\.\n", "the rows after COPY", 2),
    ])
    func `commands of psql and rows of COPY are refused with a sentence`(text: String, says: String, line: Int) throws {
        let error = try #require(#expect(throws: SQLSyntaxError.self) { try file(text) })
        #expect(error.summary.contains(says))
        #expect(error.span?.line == line)
        #expect(error.remedy != nil)
    }
}
