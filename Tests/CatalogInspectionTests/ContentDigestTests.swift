import CatalogInspection
import PostgresClient
import PostgresTesting
import PostgresTypes
import SQLText
import Testing

@Suite("Content digest", .tags(.server))
struct ContentDigestTests {
    /// Values that are equal to the server, or hash alike, and are not the same.
    private static let pairs: [(type: String, values: [String])] = [
        ("numeric", ["1.0", "1.00", "1"]), ("float8", ["0", "-0"]), ("float4", ["0", "-0"]),
        ("interval", ["1 mon", "30 days", "720:00"]), ("bpchar", ["a", "a  "]),
        ("jsonb", [#"{"a":1.0}"#, #"{"a":1.00}"#]), ("json", [#"{"a":1}"#, #"{"a": 1}"#]),
        ("jsonb", ["[7,1,2]", "[1,7,2]", "[2,1,7]"]),
        (
            "jsonb",
            [
                "[7\(String(repeating: ",0", count: 31)),7]", "[999\(String(repeating: ",0", count: 31)),999]",
                "[1\(String(repeating: ",0", count: 31)),2]", "[2\(String(repeating: ",0", count: 31)),1]",
            ]
        ), ("int[]", ["{1,2}", "[0:1]={1,2}", "[2:3]={1,2}"]),
        ("int[]", ["{{1,2},{3,4}}", "{1,2,3,4}", "{{1,2,3,4}}", "{{1},{2},{3},{4}}"]),
        ("text[]", ["{}", "{NULL}", "{\"\"}"]),
        ("text", ["", "NULL", "a", "A", "a "]), ("bytea", [#"\x"#, #"\x00"#, #"\x0000"#]),
        ("numrange", ["[1.0,2]", "[1.00,2]", "empty"]), ("int4multirange", ["{}", "{[1,2)}", "{[1,2),[3,4)}"]),
        ("timestamptz", ["2026-01-01 00:00+00", "2026-01-01 00:00+01"]), ("timetz", ["00:00+00", "01:00+01"]),
        ("bit varying", ["0", "00", "000"]), ("inet", ["10.0.0.1", "10.0.0.1/8"]), ("xml", ["<a/>", "<a></a>"]),
        ("point", ["(0,0)", "(-0,0)"]), ("tsvector", ["a", "a:1"]), ("money", ["1", "1.01"]),
        ("\"char\"", ["a", "b", ""]), ("name", ["a", "A"]), ("oid", ["0", "4294967295"]),
        ("t.mood", ["sad", "ok"]), ("t.pos", ["1.0", "1.00"]), ("t.pair", ["(1,sad)", "(1,ok)", "(,)", "(1,)"]),
        ("t.number_pair", ["(1.0)", "(1.00)"]), ("t.pair[]", ["{}", "{NULL}", "{\"(1,sad)\"}", "[2:2]={\"(1,sad)\"}"]),
        ("regtype", ["int4", "int8"]), ("t.fixed", ["a", "b"]), ("t.bits", ["1", "10", "100"]),
        ("t.short", ["a", "ab"]), ("t.lossy", ["x", "y"]), ("t.time_domain", ["00:00:00", "00:00:00.000001"]),
    ]

    private static let types = """
        create type t.mood as enum ('sad', 'ok'); create domain t.pos as numeric check (value > 0);
        create type t.pair as (a int, m t.mood); create type t.number_pair as (n numeric);
        create domain t.fixed as char(3); create domain t.bits as varbit; create domain t.short as varchar(4);
        create domain t.time_domain as time; create type t.lossy as enum ('x', 'y');
        create function t.to_text(t.lossy) returns text language sql immutable as $$ select 'same' $$;
        create cast (t.lossy as text) with function t.to_text(t.lossy);
        """

    @Test(.scratchDatabase) func `values that only look equal differ, and NULL differs from each`() async throws {
        var script = Self.types
        for (place, pair) in Self.pairs.enumerated() {
            for (number, value) in (pair.values.map { SQLQuoting.literal($0) } + ["null"]).enumerated() {
                let name = "t.p\(place)_\(number)"
                script += "create table \(name) (id int, v \(pair.type)); insert into \(name) values (1, \(value));\n"
            }
        }
        let digests = try await Inspected.digests(try await Inspected.session(after: script))
        for (place, pair) in Self.pairs.enumerated() {
            let found = (0...pair.values.count).map { digests["p\(place)_\($0)"] }
            #expect(Set(found).count == pair.values.count + 1 && !found.contains(nil), "\(pair.type) \(pair.values)")
        }
    }

    @Test(.scratchDatabase) func `columns that change places, rows that change columns and shifts differ`() async throws
    {
        let rows = "select n, (n * 1.5)::numeric, 'owner ' || n from generate_series(1, 200) n"
        let session = try await Inspected.session(
            after: """
                create table t.good (id int, amount numeric, owner text); insert into t.good \(rows);
                create table t.same (id int, amount numeric, owner text); insert into t.same \(rows) order by n desc;
                create table t.swapped (id int, amount numeric, owner text); insert into t.swapped table t.good;
                update t.swapped set amount = case id when 17 then 150 else 25.5 end where id in (17, 100);
                create table t.shifted (id int, amount numeric, owner text);
                insert into t.shifted select id, lead(amount, 1, 1.5) over (order by id), owner from t.good;
                create table t.doubled (id int, amount numeric, owner text);
                insert into t.doubled select * from t.good where id <> 5 union all select * from t.good where id = 6;
                create table t.short (id int, amount numeric, owner text);
                insert into t.short select * from t.good where id <> 200;
                create table t.nulls (id int, a text, b text); insert into t.nulls values (1, 'x', null);
                create table t.nulls_2 (id int, a text, b text); insert into t.nulls_2 values (1, null, 'x');
                create table t.cut (id int, a text, b text); insert into t.cut values (1, 'ab', 'c');
                create table t.cut_2 (id int, a text, b text); insert into t.cut_2 values (1, 'a', 'bc');
                """)
        let digests = try await Inspected.digests(session)
        #expect(digests["good"] == digests["same"])
        for name in ["swapped", "shifted", "doubled", "short"] {
            #expect(digests[name] != digests["good"] && digests[name] != nil, "\(name)")
        }
        #expect(digests["swapped"]?.hasPrefix("200 ") == true && digests["doubled"]?.hasPrefix("200 ") == true)
        #expect(digests["nulls"] != digests["nulls_2"] && digests["cut"] != digests["cut_2"])
    }

    @Test(.scratchDatabase) func `any two rows that swap one column are found`() async throws {
        let swaps = (1...40).map { number in
            """
            create table t.s\(number) (id int, amount numeric, owner text); insert into t.s\(number) table t.good;
            update t.s\(number) s set owner = g.owner from t.good g
            where s.id in (\(number), \(number + 100)) and g.id = case s.id when \(number) then \(number + 100) else \(number) end;
            """
        }
        let session = try await Inspected.session(
            after: """
                create table t.good (id int, amount numeric, owner text);
                insert into t.good select n, n, 'owner ' || n from generate_series(1, 200) n; \(swaps.joined())
                """)
        let digests = try await Inspected.digests(session)
        #expect(digests.count == 41)
        #expect(digests.filter { $0.value == digests["good"] }.count == 1)
    }

    private static let userTypes = #"""
        create type t.mood as enum ('sad', 'ok', 'O''Brien'); create domain t.pos as numeric(12, 2) check (value > 0);
        create domain t.moods as t.mood[]; create type t.pair as (a int, b text, m t.mood, at timestamptz, f float8);
        create type t.span as range (subtype = t.mood, multirange_type_name = t.spans); create domain t.ref as regclass;
        create domain t.deep as t.pair;
        create table t.target (id int);
        create table t.enums (id int, m t.mood, a t.mood[], d t.moods); insert into t.enums values
          (1, 'sad', '{ok,sad}', '{O''Brien}'), (2, 'O''Brien', '[0:1]={ok,NULL}', null), (3, null, '{}', '{}');
        create table t.domains (id int, p t.pos, ps t.pos[]); insert into t.domains values (1, 1.50, '{1,2.5}'), (2, 99999, null);
        create table t.composites (id int, p t.pair, ps t.pair[], d t.deep); insert into t.composites values
          (1, row(1, E'a,"b"\n\\', 'ok', '2026-01-01 12:00+02', 0.1), array[row(null, '', null, 'infinity', 'NaN')::t.pair],
           row(2, 'ü🚐', 'sad', '-infinity', '-0'));
        create table t.ranges (id int, s t.span, ss t.spans, sa t.span[]); insert into t.ranges values
          (1, '[sad,ok]', '{[sad,ok)}', array['empty', '(,)']::t.span[]);
        create table t.refs (id int, c regclass, d t.ref, a regclass[], r regrole, y regtype, p regprocedure);
        insert into t.refs values
          (1, 't.target', 't.target', '{t.target,pg_class}', 'postgres', 't.pair', 'lower(text)'), (2, null, null, null, null, null, null);
        create table t.schemas (id int, i information_schema.sql_identifier, y information_schema.yes_or_no,
          a information_schema.sql_identifier[]); insert into t.schemas values (1, 'x', 'YES', '{a,b}');
        create table t.rows_of (id int, x t.target); insert into t.rows_of values (1, row(5));
        create table t.nothing (); insert into t.nothing default values; insert into t.nothing default values;
        create table t.empty (id int);
        create table "t"."Tabelle ""q""" ("wheels_db row" int, "Spalte ""x""" text, t int); insert into "t"."Tabelle ""q""" values (1, 'x', 2);
        create table t.generated (a int, b int generated always as (a * 2) stored); insert into t.generated values (1), (2);
        """#

    @Test(.scratchDatabase) func `the same rows in a database with other OIDs are equal`() async throws {
        let session = try await Inspected.session(after: Self.userTypes)
        let scratch = try ScratchDatabase.current
        let other = try await Inspected.session(
            after: "create type t.first as enum ('x'); create table t.shift (i int, s serial); \(Self.userTypes)",
            in: try await scratch.anotherDatabase())
        // Settings of role or database have no say.
        try await other.executeScript(
            """
            set datestyle = 'SQL, DMY'; set timezone = 'Asia/Kolkata'; set intervalstyle = 'iso_8601';
            set extra_float_digits = -5; set bytea_output = 'escape'; set search_path = t, public
            """
        )
        let oid = "select 't.mood'::regtype::oid::text"
        #expect(try await Inspected.value(session, oid) != Inspected.value(other, oid))
        let here = try await Inspected.digests(session)
        let there = try await Inspected.digests(other)
        #expect(here.count == 12 && here["nothing"]?.hasPrefix("2 ") == true && here["empty"] == "0 0")
        for (name, digest) in here { #expect(there[name] == digest, "\(name)") }
    }

    @Test(.scratchDatabase) func `a condition and a source choose the rows`() async throws {
        let session = try await Inspected.session(
            after: """
                create table t.parent (id int); create table t.child () inherits (t.parent);
                insert into t.parent values (1), (2); insert into t.child values (3);
                """)
        let writer = ContentDigest(types: try await TypeQuery.types(in: session))
        let table = try #require(try await Inspected.tables(session)["parent"])
        var rows: [String?] = []
        for (source, condition) in [("only t.parent", nil), ("t.parent", nil), ("t.parent", "id > 1")]
            as [(String, String?)]
        {
            let sql = writer.statement(source: source, columns: table.columns, condition: condition)
            rows.append(try await Inspected.value(session, sql))
        }
        #expect(rows == ["2", "3", "2"])
    }
}
