import CatalogInspection
import PostgresClient
import PostgresTesting
import PostgresTypes
import SQLText
import Testing

@Suite("Types of columns", .tags(.server))
struct TypeQueryTests {
    private static let types = """
        create type t.mood as enum ('sad', 'ok'); create domain t.pos as int check (value > 0);
        create domain t.poss as t.pos; create domain t.moods as t.mood[]; create type t.pair as (a int, m t.mood);
        create type t.span as range (subtype = numeric, multirange_type_name = t.spans);
        create type t.mood_range as range (subtype = t.mood, multirange_type_name = t.mood_ranges);
        create domain t.dref as regclass; create domain t.drefs as regclass[]; create type t.deep as (x int, y t.dref[]);
        create domain t.ddeep as t.deep; create type t.deeper as (z t.ddeep[]);
        create type t.ref_range as range (subtype = t.deep, multirange_type_name = t.ref_ranges);
        create type t.acl_pair as (a int, acl aclitem); create domain t.acl_domain as aclitem;
        create table t.row_of_table (id int, r regtype);
        create type t.dropped as (a regclass, b int); alter type t.dropped drop attribute a;
        """

    /// Column types and whether binary COPY carries them to another database.
    private static let rules: [(type: String, isBinary: Bool)] =
        [
            "boolean", "smallint", "integer", "bigint", "numeric", "numeric(10,2)", "real", "double precision", "money",
            "text", "varchar(5)", "char(5)", "\"char\"", "name", "bytea", "timestamp", "timestamptz", "date", "time",
            "timetz", "interval", "uuid", "json", "jsonb", "jsonpath", "xml", "inet", "cidr", "macaddr", "macaddr8",
            "bit(4)", "varbit", "point", "line", "lseg", "box", "path", "polygon", "circle", "tsvector", "tsquery",
            "oid",
            "pg_lsn", "pg_snapshot", "txid_snapshot", "xid", "xid8", "cid", "tid", "int2vector", "oidvector",
            "refcursor",
            "int4range", "tstzrange", "datemultirange", "int[]", "text[]", "json[]", "name[]", "numrange[]",
            "nummultirange[]", "t.mood", "t.mood[]", "t.pos", "t.poss", "t.pos[]", "t.moods", "t.moods[]", "t.pair",
            "t.pair[]", "t.span", "t.spans", "t.mood_range", "t.mood_ranges", "t.dropped",
        ].map { ($0, true) }
        + [
            "regclass", "regtype", "regproc", "regprocedure", "regnamespace", "regcollation", "regoper", "regoperator",
            "regconfig", "regdictionary", "regrole", "regclass[]", "regrole[]", "t.dref", "t.dref[]", "t.drefs",
            "t.drefs[]", "t.deep", "t.deep[]", "t.ddeep", "t.ddeep[]", "t.deeper", "t.deeper[]", "t.ref_range",
            "t.ref_ranges", "t.ref_ranges[]", "t.row_of_table", "t.row_of_table[]", "aclitem", "aclitem[]",
            "t.acl_pair",
            "t.acl_pair[]", "t.acl_domain",
        ].map { ($0, false) }

    @Test(.scratchDatabase) func `binary goes what means the same in every database, however deep it is wrapped`()
        async throws
    {
        let columns = Self.rules.enumerated().map { "c\($0.offset) \($0.element.type)" }.joined(separator: ", ")
        let session = try await Inspected.session(after: "\(Self.types) create table t.all_of_them (\(columns))")
        let types = try await TypeQuery.types(in: session)
        let table = try #require(try await Inspected.tables(session)["all_of_them"])
        #expect(table.columns.count == Self.rules.count)
        for (rule, column) in zip(Self.rules, table.columns) {
            #expect(types[column.type] != nil, "\(rule.type)")
            #expect(types.isBinaryPortable(column.type) == rule.isBinary, "\(rule.type)")
            #expect(
                types.referencesCatalog(column.type) == (!rule.isBinary && !rule.type.contains("acl")), "\(rule.type)")
        }
    }

    @Test(.scratchDatabase) func `domains unfold to their base, and enums are found inside`() async throws {
        let session = try await Inspected.session(
            after: """
                \(Self.types) create table t.some (a t.poss, b t.moods, c t.ddeep, d t.mood_ranges, e t.pair[], f int[]);
                """)
        let types = try await TypeQuery.types(in: session)
        let columns = try #require(try await Inspected.tables(session)["some"]).columns
        let bases = columns.map { types.withoutDomains($0.type)?.name }
        #expect(bases == ["int4", "_mood", "deep", "mood_ranges", "_pair", "_int4"])
        #expect(columns.map { types.containsEnum($0.type) } == [false, true, false, true, true, false])
        let closure = types.closure(of: columns[3].type).map(\.name)
        #expect(closure == ["mood_ranges", "mood_range", "mood"])
        #expect(types.withoutDomains(OID(4_294_967_295)) == nil)
        #expect(!types.isBinaryPortable(OID(4_294_967_295)))
    }

    @Test(.scratchDatabase) func `a binary type comes back from another database by binary COPY, a text type by text`()
        async throws
    {
        let script = """
            \(Self.types) create table t.target (id int);
            create table t.refs (a regclass, b t.deeper); insert into t.refs values ('t.target',
              row(array[row(1, array['t.target'::regclass]::t.dref[])::t.deep::t.ddeep]));
            """
        let session = try await Inspected.session(after: script)
        let other = try await Inspected.session(
            after: "create table t.shift (x int); \(script)", in: try await ScratchDatabase.current.anotherDatabase())
        let here = try await Inspected.value(session, "select a::oid::text from t.refs")
        let there = try await Inspected.value(other, "select a::oid::text from t.refs")
        #expect(here != there)
        #expect(try await Inspected.digests(session)["refs"] == Inspected.digests(other)["refs"])
        try await other.executeScript("update t.refs set a = '\(here ?? "")'::oid::regclass")
        #expect(try await Inspected.digests(session)["refs"] != Inspected.digests(other)["refs"])
    }
}
