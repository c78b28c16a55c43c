import CatalogInspection
import Diagnostics
import PostgresClient
import PostgresTesting
import Testing

@Suite("Access lists", .tags(.server))
struct AccessQueryTests {
    private func lists(_ session: Session) async throws -> [String: AccessList] {
        let lists = try await AccessQuery.accessLists(in: session).filter { $0.schema == "t" }
        return Dictionary(uniqueKeysWithValues: lists.map { ($0.objectName, $0) })
    }

    @Test(.scratchDatabase) func `never granted and granted the default are the same`() async throws {
        let session = try await Inspected.session(
            after: """
                create table t.never (a int); create table t.again (a int);
                grant select on t.again to anon; revoke select on t.again from anon;
                create function t.f() returns int language sql as 'select 1';
                create function t.g() returns int language sql as 'select 1';
                grant execute on function t.g() to anon; revoke execute on function t.g() from anon;
                create function t.closed() returns int language sql as 'select 1';
                revoke execute on function t.closed() from public;
                create table t.own (a int); revoke all on t.own from postgres;
                """)
        let found = try await lists(session)
        #expect(
            try await Inspected.value(session, "select relacl::text from pg_class where oid = 't.never'::regclass")
                == nil)
        #expect(found["table t.never"]?.entries == ["postgres=arwdDxt/postgres"])
        #expect(found["table t.again"]?.entries == found["table t.never"]?.entries)
        #expect(found["function t.f()"]?.entries == found["function t.g()"]?.entries)
        #expect(found["function t.f()"]?.entries == ["=X/postgres", "postgres=X/postgres"])
        #expect(found["function t.closed()"]?.entries == ["postgres=X/postgres"])
        #expect(found["table t.own"]?.entries == [])
    }

    @Test(.scratchDatabase) func `every kind of object has its list`() async throws {
        let session = try await Inspected.session(
            after: #"""
                create table t.trips (id int, secret text); grant select on t.trips to anon with grant option;
                grant update (secret) on t.trips to authenticated;
                create view t.v as select 1 as one; grant select on t.v to anon;
                create materialized view t.mv as select 1 as one; create sequence t.s; grant usage on sequence t.s to anon;
                create table t.parts (id int) partition by list (id); grant select on t.parts to anon;
                create table t.numbered (id int generated always as identity); grant usage on t.numbered_id_seq to anon;
                create function t.f(a int, variadic b text[]) returns int language sql as 'select 1';
                create procedure t.p() language sql as ''; create aggregate t.product(numeric) (sfunc = numeric_mul, stype = numeric);
                create type t.mood as enum ('x'); revoke usage on type t.mood from public;
                create domain t.pos as int; create type t.span as range (subtype = int4);
                create type t.pair as (a int); revoke usage on type t.pair from public; grant usage on type t.pair to anon;
                grant usage on schema t to anon;
                create table t."Größe ""q""" ("Spalte" int); grant select ("Spalte") on t."Größe ""q""" to anon;
                alter default privileges in schema t grant select on tables to anon;
                """#)
        let found = try await lists(session)
        let names = Set(found.keys)
        let expected = [
            "table t.trips", "column t.trips.secret", "view t.v", "materialized view t.mv", "sequence t.s",
            "table t.parts", "table t.numbered", "sequence t.numbered_id_seq",
            "function t.f(a integer, VARIADIC b text[])", "function t.p()", "function t.product(numeric)",
            "type t.mood",
            "type t.pos", "type t.span", "type t.pair", "schema t", "table t.\"Größe \"\"q\"\"\"",
            "column t.\"Größe \"\"q\"\"\".\"Spalte\"", "default privileges for role postgres in schema t on tables",
        ]
        #expect(names == Set(expected))
        #expect(found["table t.trips"]?.entries.contains("anon=r*/postgres") == true)
        #expect(found["column t.trips.secret"]?.entries == ["authenticated=w/postgres"])
        #expect(found["table t.parts"]?.entries.contains("anon=r/postgres") == true)
        #expect(found["sequence t.numbered_id_seq"]?.entries.contains("anon=U/postgres") == true)
        #expect(found["type t.mood"]?.entries == ["postgres=U/postgres"])
        #expect(found["type t.pair"]?.entries == ["anon=U/postgres", "postgres=U/postgres"])
        #expect(found["schema t"]?.entries.contains("anon=U/postgres") == true)
        #expect(found["default privileges for role postgres in schema t on tables"]?.roles == ["anon", "postgres"])
        #expect(found.values.allSatisfy { $0.owner == "postgres" })
    }

    @Test(.scratchDatabase) func `large objects are listed, extensions' objects are not`() async throws {
        let session = try await Inspected.session(
            after: "select lo_create(4711); grant select on large object 4711 to anon")
        let admin = try await ScratchDatabase.current.superuserSession()
        try await admin.executeScript(
            """
            create table t.member (a int); create function t.mf() returns int language sql as 'select 1';
            create type t.me as enum ('x');
            alter extension plpgsql add table t.member; alter extension plpgsql add function t.mf();
            alter extension plpgsql add type t.me;
            """
        )
        let all = try await AccessQuery.accessLists(in: session)
        let object = try #require(all.first { $0.objectName == "large object 4711" })
        #expect(object.entries == ["anon=r/postgres", "postgres=rw/postgres"])
        #expect(all.filter { $0.schema == "t" }.map(\.objectName) == ["schema t"])
    }

    @Test(arguments: [
        ("postgres=arwdDxt/postgres", "postgres", "arwdDxt", "postgres"), ("=X/postgres", "", "X", "postgres"),
        ("anon=r*w/supabase_admin", "anon", "r*w", "supabase_admin"), ("a=/b", "a", "", "b"),
        ("\"my-role\"=r/\"x=y/z\"", "my-role", "r", "x=y/z"), ("\"a\"\"=\"\"b\"=U/b", "a\"=\"b", "U", "b"),
        ("\"\"\"\"=r/\"\"\"q\"\"\"", "\"", "r", "\"q\""), ("\"ü 🚐\"=r/p", "ü 🚐", "r", "p"),
    ])
    func `an entry is taken apart, whatever the roles are called`(
        entry: String,
        grantee: String,
        privileges: String,
        grantor: String
    ) throws {
        let grant = try #require(AccessGrant(entry))
        #expect(grant.grantee == grantee && grant.privileges == privileges && grant.grantor == grantor)
    }

    @Test(arguments: ["", "anon", "anon=r", "\"open=r/p"])
    func `a text that is no entry is none`(entry: String) {
        #expect(AccessGrant(entry) == nil)
    }
}

@Suite("What a role may read", .tags(.server))
struct ReadAccessQueryTests {
    private func obstacles(_ session: Session) async throws -> [String: String] {
        let findings = try await ReadAccessQuery.obstacles(in: session)
        return Dictionary(
            findings.filter { $0.subject?.hasPrefix("t.") == true }.map { ($0.subject ?? "", $0.code) }
        ) { $1 }
    }

    @Test(.scratchDatabase) func `a role without rights is told each table and sequence, and what to run`() async throws
    {
        try await Inspected.withRole(
            """
            create schema t; grant usage on schema t to READER;
            create table t.open (a int); grant select on t.open to READER;
            create table t.closed (a int); create table t.columns_only (a int, b int);
            grant select (a) on t.columns_only to READER; create sequence t.s; create sequence t.seen;
            grant select on t.seen to READER; create view t.v as select 1 as one;
            """
        ) { session, role in
            let found = try await obstacles(session)
            let privilege = "read-access.privilege"
            #expect(found == ["t.closed": privilege, "t.columns_only": privilege, "t.s": privilege])
            let findings = try await ReadAccessQuery.obstacles(in: session)
            #expect(findings.allSatisfy { $0.severity == .error && $0.message.contains(role) })
            let sequence = findings.first { $0.subject == "t.s" }
            #expect(sequence?.remedy?.command == "GRANT SELECT ON SEQUENCE \"t\".\"s\" TO \"\(role)\"")
        }
    }

    @Test(.scratchDatabase) func `a schema without USAGE hides its tables`() async throws {
        try await Inspected.withRole(
            "create schema t; create table t.inside (a int); grant select on t.inside to READER"
        ) {
            session, _ in
            let found = try await obstacles(session)
            #expect(found == ["t.inside": "read-access.privilege"])
        }
    }

    @Test(.scratchDatabase) func `row level security that hides rows is reported, whatever row_security says`()
        async throws
    {
        try await Inspected.withRole(
            """
            create schema t; grant usage, create on schema t to READER;
            create table t.guarded (a int); alter table t.guarded enable row level security;
            create table t.bare (a int); grant select on all tables in schema t to READER;
            create table t.own (a int); create table t.own_forced (a int);
            alter table t.own enable row level security; alter table t.own_forced enable row level security;
            alter table t.own_forced force row level security;
            create table t.forced_only (a int); alter table t.forced_only force row level security;
            alter table t.own owner to READER; alter table t.own_forced owner to READER;
            alter table t.forced_only owner to READER;
            """
        ) { session, role in
            let expected = ["t.guarded": "read-access.row-security", "t.own_forced": "read-access.row-security"]
            #expect(try await obstacles(session) == expected)
            try await session.executeScript("set row_security = off")
            #expect(try await obstacles(session) == expected)
            let finding = try await ReadAccessQuery.obstacles(in: session).first { $0.subject == "t.guarded" }
            #expect(finding?.remedy?.command == "ALTER ROLE \"\(role)\" BYPASSRLS")
            // What the finding foretells is what the server does.
            for table in ["t.guarded", "t.own_forced"] {
                await #expect(throws: PostgresError.self) {
                    try await session.query(Query(unsafeSQL: "select * from \(table)"))
                }
            }
            for table in ["t.own", "t.bare", "t.forced_only"] {
                let rows = try await session.query(Query(unsafeSQL: "select * from \(table)"))
                #expect(rows.isEmpty)
            }
        }
    }

    @Test(.scratchDatabase) func `postgres of a Supabase project may read everything`() async throws {
        let session = try await Inspected.session(
            after: """
                create table t.a (a int); alter table t.a enable row level security;
                alter table t.a force row level security;
                """)
        #expect(try await ReadAccessQuery.obstacles(in: session).isEmpty)
    }
}
