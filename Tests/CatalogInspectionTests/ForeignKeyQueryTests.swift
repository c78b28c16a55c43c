import CatalogInspection
import PostgresClient
import PostgresTesting
import PostgresTypes
import Testing

@Suite("Foreign keys", .tags(.server))
struct ForeignKeyQueryTests {
    private func keys(_ session: Session) async throws -> [String: ForeignKeyInfo] {
        let keys = try await ForeignKeyQuery.foreignKeys(in: session).filter { $0.schema == "t" }
        return Dictionary(uniqueKeysWithValues: keys.map { ($0.name, $0) })
    }

    private func orphans(_ session: Session) async throws -> [String: String] {
        var counts: [String: String] = [:]
        for (name, key) in try await keys(session) {
            counts[name] = try await Inspected.value(session, key.orphanCount)
        }
        return counts
    }

    @Test(.scratchDatabase) func `columns keep the order of the key`() async throws {
        let session = try await Inspected.session(
            after: #"""
                create table t.p (a int, b text, "Größe ""c""" int, primary key (b, a), unique ("Größe ""c""", a, b));
                create table t.c (x text, y int, z int);
                alter table t.c add constraint two foreign key (x, y) references t.p;
                alter table t.c add constraint three foreign key (z, y, x) references t.p ("Größe ""c""", a, b) match full not valid;
                create table t.self (id int primary key, up int constraint self references t.self);
                """#)
        let found = try await keys(session)
        let two = try #require(found["two"])
        #expect(two.columns == ["x", "y"] && two.referencedColumns == ["b", "a"])
        #expect(two.referencedTable == "p" && two.isValidated && !two.matchesFully && !two.isPartitioned)
        let three = try #require(found["three"])
        #expect(three.columns == ["z", "y", "x"] && three.referencedColumns == ["Größe \"c\"", "a", "b"])
        #expect(!three.isValidated && three.matchesFully)
        #expect(found["self"].map { $0.table == $0.referencedTable } == true)
        #expect(try await orphans(session) == ["two": "0", "three": "0", "self": "0"])
    }

    @Test(.scratchDatabase) func `rows that point nowhere are counted, rows with NULL as the key has it`() async throws
    {
        let session = try await Inspected.session(
            after: """
                create table t.p (a int, b int, primary key (a, b)); insert into t.p values (1, 1), (2, 2);
                create table t.simple (a int, b int, constraint simple foreign key (a, b) references t.p);
                create table t.full (a int, b int, constraint "full" foreign key (a, b) references t.p match full);
                create table t.tree (id int primary key, up int constraint tree references t.tree);
                create table t.heirs () inherits (t.p);
                set session_replication_role = replica;
                insert into t.simple values (1, 1), (1, 2), (3, null), (null, null), (null, 9), (9, 9);
                insert into t.full values (1, 1), (1, 2), (3, null), (null, null), (null, 9), (9, 9);
                insert into t.tree values (1, null), (2, 1), (3, 99); insert into t.heirs values (9, 9);
                reset session_replication_role;
                """)
        // (9, 9) stands in a child table only, which a foreign key does not see.
        #expect(try await orphans(session) == ["simple": "2", "full": "4", "tree": "1"])
    }

    @Test(.scratchDatabase) func `partitioned tables are looked at whole, and their keys listed once`() async throws {
        let session = try await Inspected.session(
            after: """
                create table t.p (id int primary key) partition by list (id);
                create table t.p1 partition of t.p for values in (1); create table t.p2 partition of t.p default;
                insert into t.p values (1), (2);
                create table t.c (id int, p int, constraint c foreign key (p) references t.p) partition by list (id);
                create table t.c1 partition of t.c for values in (1); create table t.c2 partition of t.c default;
                create table t.own (p int constraint own references t.p1);
                set session_replication_role = replica;
                insert into t.c values (1, 1), (2, 2), (1, 3), (2, 4); insert into t.own values (1), (2);
                reset session_replication_role;
                """)
        let found = try await keys(session)
        #expect(found.keys.sorted() == ["c", "own"])
        #expect(found["c"].map { $0.isPartitioned && $0.referencesPartitioned } == true)
        #expect(found["own"].map { !$0.isPartitioned && !$0.referencesPartitioned } == true)
        #expect(try await orphans(session) == ["c": "2", "own": "1"])
    }

    @Test(.scratchDatabase) func `values are compared as the key compares them`() async throws {
        let scratch = try ScratchDatabase.current
        let session = try await Inspected.session(
            after: """
                create table t.p (a text collate "C" primary key); insert into t.p values ('x');
                create table t.c (a text collate "POSIX" constraint collations references t.p); insert into t.c values ('x');
                create table t.ip (a int primary key); insert into t.ip values (1);
                create table t.bc (a bigint constraint widths references t.ip); insert into t.bc values (1);
                create domain t.pos as int; create table t.dp (a t.pos primary key); insert into t.dp values (1);
                create table t.dc (a int constraint domains references t.dp); insert into t.dc values (1);
                """)
        var expected = ["collations": "0", "widths": "0", "domains": "0"]
        let admin = try await scratch.superuserSession()
        let hasCitext = try await Inspected.value(
            admin, "select count(*)::text from pg_available_extensions where name = 'citext'")
        if hasCitext == "1" {
            try await admin.executeScript("create extension if not exists citext schema public")
            try await session.executeScript(
                """
                create table t.cp (a public.citext primary key); insert into t.cp values ('Trip');
                create table t.cc (a public.citext constraint letters references t.cp); insert into t.cc values ('tRIP');
                """
            )
            expected["letters"] = "0"
        }
        #expect(try await orphans(session) == expected)
    }
}

@Suite("Partition trees", .tags(.server))
struct PartitionQueryTests {
    @Test(.scratchDatabase) func `a tree that hashes what differs between databases is loaded through its root`()
        async throws
    {
        let session = try await Inspected.session(
            after: """
                create type t.mood as enum ('sad', 'ok'); create domain t.dmood as t.mood; create type t.pair as (a int, m t.mood);
                create table t.by_enum (m t.mood) partition by hash (m);
                create table t.by_enum_0 partition of t.by_enum for values with (modulus 2, remainder 0);
                create table t.by_enum_1 partition of t.by_enum for values with (modulus 4, remainder 1);
                create table t.by_enum_3 partition of t.by_enum for values with (modulus 4, remainder 3);
                create table t.by_domain (m t.dmood) partition by hash (m);
                create table t.by_array (m t.mood[]) partition by hash (m);
                create table t.by_array_1 partition of t.by_array for values with (modulus 2, remainder 1);
                create table t.by_composite (id int, p t.pair) partition by hash (id, p);
                create table t.by_class (c regclass) partition by hash (c);
                create table t.by_expression (a int) partition by hash ((a + 1));
                create table t.below (id int, m t.mood) partition by range (id);
                create table t.below_1 partition of t.below for values from (1) to (10) partition by hash (m);
                create table t.by_int (a int) partition by hash (a);
                create table t.by_text (a int, b text) partition by hash (a, b);
                create table t.list_enum (m t.mood) partition by list (m);
                create table t.range_enum (m t.mood) partition by range (m);
                create table t.plain (m t.mood);
                """)
        let types = try await TypeQuery.types(in: session)
        let roots = try await PartitionQuery.rootsWithUnstableLeaves(in: session, types: types)
        let tables = try await Inspected.tables(session)
        let names = roots.keys.compactMap { root in tables.values.first { $0.oid == root }?.name }
        let coverage = ["by_enum", "by_array", "by_class"].map { name in
            tables.values.first { $0.name == name }.flatMap { roots[$0.oid] }
        }
        #expect(coverage == [.whole, .partial, .partial])
        #expect(
            names.sorted() == [
                "below", "by_array", "by_class", "by_composite", "by_domain", "by_enum", "by_expression",
            ])
    }
}

@Suite("Details of a catalog", .tags(.server))
struct DetailQueryTests {
    @Test(.scratchDatabase) func `materialized views come after what they read, through views too`() async throws {
        let session = try await Inspected.session(
            after: """
                create materialized view t.z_base as select 1 as one; create view t.between as select one from t.z_base;
                create materialized view t.a_top as select one from t.between;
                create materialized view t.b_empty as select one from t.a_top with no data;
                """)
        let views = try await DetailQuery.materializedViews(in: session).filter { $0.schema == "t" }
        #expect(views.map(\.name) == ["z_base", "a_top", "b_empty"])
        #expect(views.map(\.isPopulated) == [true, true, false])
    }

    @Test(.scratchDatabase) func `what developers put on managed tables is found`() async throws {
        let session = try await Inspected.session(
            after: """
                create function t.touch() returns trigger language plpgsql as $$ begin return new; end $$;
                create trigger mine after insert on auth.users for each row execute function t.touch();
                """)
        let objects = try await DetailQuery.userObjectsOnManagedTables(in: session)
        #expect(objects.map(\.description).contains("trigger mine on auth.users"))
    }

    @Test(.scratchDatabase) func `a database tells what it is and who looks`() async throws {
        let session = try await Inspected.session(after: "")
        let facts = try await DatabaseQuery.facts(in: session)
        let name = try ScratchDatabase.current.name
        #expect(facts.name == name)
        #expect(facts.role == "postgres" && !facts.isSuperuser && facts.bypassesRowSecurity)
        #expect(facts.isSupabaseShaped && !facts.isInRecovery && facts.encoding == "UTF8")
        #expect(facts.memberOf.contains("postgres") && facts.maySetReplicationRole)
        let schemas = try await DetailQuery.schemas(in: session)
        #expect(schemas.contains("t") && !schemas.contains("pg_catalog"))
    }
}
