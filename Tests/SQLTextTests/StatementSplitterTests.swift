import Diagnostics
import SQLText
import Testing

/// A script and the statements it holds.
struct SplitCase: Sendable, CustomTestStringConvertible {
    let script: String
    let statements: [String]
    var testDescription: String { script.debugDescription }

    init(_ script: String, _ statements: String...) {
        self.script = script
        self.statements = statements
    }
}

@Suite struct `Splitting a script` {
    static let hostile: [SplitCase] = [
        SplitCase("select 1;", "select 1"),
        SplitCase("select 1", "select 1"),
        SplitCase(";;; select 1 ;; ; select 2;;", "select 1", "select 2"),
        SplitCase(#"select E'it\'s; x'; select 2"#, #"select E'it\'s; x'"#, "select 2"),
        SplitCase(#"select 'a\'; select 2"#, #"select 'a\'"#, "select 2"),
        SplitCase("select 'a;''b;'; select 2", "select 'a;''b;'", "select 2"),
        SplitCase(#"select e'a\\'; select 2"#, #"select e'a\\'"#, "select 2"),
        SplitCase("select E'a\\\\'\n'; \\' b'; select 2", "select E'a\\\\'\n'; \\' b'", "select 2"),
        SplitCase("select a$$ from x; select a$b$c from y", "select a$$ from x", "select a$b$c from y"),
        SplitCase(
            "select $$;$$; select $a$ $b$ ; $a$; select $ä$;$ä$", "select $$;$$", "select $a$ $b$ ; $a$",
            "select $ä$;$ä$"),
        SplitCase("select $1; select 2", "select $1", "select 2"),
        SplitCase("select $a$ ; $A$ ; $a$", "select $a$ ; $A$ ; $a$"),
        SplitCase("select $q$ $$ ; $$ $q$; select 1", "select $q$ $$ ; $$ $q$", "select 1"),
        SplitCase(
            "create function f() returns int begin atomic select 1; select 2; end; select 3",
            "create function f() returns int begin atomic select 1; select 2; end", "select 3"),
        SplitCase(
            "create function f(a int) returns int begin atomic select case when a > 1 then 2 else 3 end; end; select 3",
            "create function f(a int) returns int begin atomic select case when a > 1 then 2 else 3 end; end",
            "select 3"),
        SplitCase(
            "create function f() returns int begin atomic select weekend from t; select t.end from t; end; select 3",
            "create function f() returns int begin atomic select weekend from t; select t.end from t; end",
            "select 3"),
        SplitCase(
            "create procedure p() begin atomic; insert into a values (1); end; select 1",
            "create procedure p() begin atomic; insert into a values (1); end", "select 1"),
        SplitCase(
            "create table atomic (begin int); select atomic from x", "create table atomic (begin int)",
            "select atomic from x"),
        SplitCase(
            "create rule r as on insert to t do also (insert into a values (1); insert into b values (2)); select 1",
            "create rule r as on insert to t do also (insert into a values (1); insert into b values (2))",
            "select 1"),
        SplitCase(
            "create rule r as on update to t do instead (delete from a where (x) = (1); notify n;); select 1",
            "create rule r as on update to t do instead (delete from a where (x) = (1); notify n;)", "select 1"),
        SplitCase("select 1 /* ; /* ; */ ; */; select 2", "select 1 /* ; /* ; */ ; */", "select 2"),
        SplitCase("select 1 -- ; no\n; select 2", "select 1 -- ; no", "select 2"),
        SplitCase("select 1 -- ; no\r; select 2", "select 1 -- ; no", "select 2"),
        SplitCase("select 1;\r\nselect 2;\r\n", "select 1", "select 2"),
        SplitCase("-- only a comment", ""),
        SplitCase("/* only */ ; -- comments", ""),
        SplitCase("", ""),
        SplitCase(" \t\r\n\u{0C}", ""),
        SplitCase("-- first ; \n/* /* b */ ; */ select 2 ;", "select 2"),
        SplitCase(
            #"select U&'d\0061t;a'; select U&"d!0061t;" uescape '!'"#, #"select U&'d\0061t;a'"#,
            #"select U&"d!0061t;" uescape '!'"#),
        SplitCase("select \"a;\"\"b;\"; select 2", "select \"a;\"\"b;\"", "select 2"),
        SplitCase("select b'01', x'ff;'::text; select n';'", "select b'01', x'ff;'::text", "select n';'"),
        SplitCase("select 1 as \"é;🐘\"; select 'ü;'", "select 1 as \"é;🐘\"", "select 'ü;'"),
        SplitCase(
            "do $$ begin if true then raise notice ';'; end if; end $$; select 1",
            "do $$ begin if true then raise notice ';'; end if; end $$", "select 1"),
        SplitCase(
            "create schema s create table t (a int) create view v as select 1; select 2",
            "create schema s create table t (a int) create view v as select 1", "select 2"),
        SplitCase("select a-- ;\n-b; select 2--", "select a-- ;\n-b", "select 2--"),
        SplitCase("select 4 */* ; */ 2; select 5", "select 4 */* ; */ 2", "select 5"),
        SplitCase("\u{FEFF}select 1; select 2", "select 1", "select 2"),
        SplitCase(
            "comment on table t is 'a;b' ; grant select on t to anon", "comment on table t is 'a;b'",
            "grant select on t to anon"),
    ]

    @Test(arguments: hostile)
    func `finds exactly the statements that PostgreSQL would run`(_ example: SplitCase) throws {
        let statements = try StatementSplitter.split(example.script)
        #expect(statements.map(\.text) == example.statements.filter { !$0.isEmpty })
    }

    @Test(arguments: hostile)
    func `gives ranges that cut the text out of the script`(_ example: SplitCase) throws {
        let bytes = Array(example.script.utf8)
        for statement in try StatementSplitter.split(example.script) {
            #expect(String(decoding: bytes[statement.utf8Range], as: UTF8.self) == statement.text)
        }
    }

    @Test func `keeps the comments before a statement beside its text`() throws {
        let script = "-- why\ncreate table t (a int);\n\n/* next */ select 2;"
        let statements = try StatementSplitter.split(script)
        #expect(statements.map(\.text) == ["create table t (a int)", "select 2"])
        #expect(statements.map(\.textWithComments) == ["-- why\ncreate table t (a int)", "/* next */ select 2"])
    }

    @Test func `turns a server position in characters into an offset in bytes`() throws {
        let script = "select 'é';\n-- ü\nselect 'ééé🐘', nope;"
        let statement = try #require(try StatementSplitter.split(script).last)
        // The server reports 16: characters from 1, within the statement.
        let span = SourceSpan(file: "a.sql", utf8Offset: statement.utf8Offset(ofCharacter: 16), in: script)
        #expect(span.description == "a.sql:3:16")
        #expect(span.excerpt == "select 'ééé🐘', nope;\n               ^")
    }
}

@Suite struct `A script that does not parse` {
    @Test func `is refused with line and column, counted in characters`() throws {
        let script = "select 'ééé🐘';\r\n  select 'ü' form t;\r\n"
        let error = try #require(throws: SQLSyntaxError.self) { try StatementSplitter.split(script) }
        let located = error.located(in: "m/1_a.sql", script: script)
        #expect(located.message == "syntax error at or near \"t\"")
        #expect(located.span?.description == "m/1_a.sql:2:19")
        #expect(located.span?.excerpt == "  select 'ü' form t;\n                  ^")
        #expect(located.code == "sql.syntax")
    }

    @Test func `counts a byte order mark as bytes of the file`() throws {
        let error = try #require(throws: SQLSyntaxError.self) { try StatementSplitter.split("\u{FEFF}selec 1") }
        #expect(error.utf8Offset == 3)
    }

    @Test func `points to the end when the text ends too early`() throws {
        let script = "create table t (a int"
        let error = try #require(throws: SQLSyntaxError.self) { try StatementSplitter.split(script) }
        #expect(error.utf8Offset == script.utf8.count)
    }

    @Test func `is refused for a NUL byte`() throws {
        let error = try #require(throws: SQLSyntaxError.self) { try StatementSplitter.split("select 1;\0select 2") }
        #expect(error.reason == .nulByte)
        #expect(error.utf8Offset == 9)
    }

    @Test(arguments: [
        ("select 1;\n\\restrict abc\nselect 2;", "\\restrict"), ("\\connect postgres\n", "\\connect"),
        ("select 1;\n\\i other.sql", "\\i"), ("select 1;\n\\.\n", "\\."),
    ])
    func `names a command of psql`(_ script: String, _ command: String) throws {
        let error = try #require(throws: SQLSyntaxError.self) { try StatementSplitter.split(script) }
        #expect(error.reason == .psqlCommand)
        #expect(error.message.hasPrefix("\(command) is a command of psql"))
    }

    @Test(arguments: ["1\tone\n2\ttwo\n\\.\n", "it's\n\\.\n", "\\.\n", "\\N\tx\n\\.\n"])
    func `names the data of COPY`(_ rows: String) throws {
        let script = "select 1;\nCOPY public.t (a, b) FROM stdin;\n\(rows)select 2;"
        let error = try #require(throws: SQLSyntaxError.self) { try StatementSplitter.split(script) }
        #expect(error.reason == .copyData)
        #expect(SourceSpan(file: "f", utf8Offset: error.utf8Offset, in: script).line == 2)
    }
}
