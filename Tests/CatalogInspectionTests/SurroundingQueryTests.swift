import CatalogInspection
import PostgresClient
import PostgresTesting
import Testing

@Suite("What stands around tables", .tags(.server))
struct SurroundingQueryTests {
    @Test(.scratchDatabase) func `extensions are read with their configuration and which rows of it are the user's`()
        async throws
    {
        let session = try await Inspected.session(after: "create table t.own (a int)")
        let admin = try await ScratchDatabase.current.superuserSession()
        try await admin.executeScript(
            """
            create table t.some (a int, builtin bool); create table t.every (a int); create sequence t.numbers;
            alter extension plpgsql add table t.some; alter extension plpgsql add table t.every;
            alter extension plpgsql add sequence t.numbers;
            update pg_extension set extconfig = array['t.some'::regclass, 't.every'::regclass, 't.numbers'::regclass]::oid[],
              extcondition = array['WHERE NOT builtin -- ours', '', ''] where extname = 'plpgsql';
            create extension hstore with schema t version '1.8';
            """
        )
        let extensions = try await DetailQuery.extensions(in: session)
        let hstore = try #require(extensions.first { $0.name == "hstore" })
        #expect(hstore.schema == "t" && hstore.version == "1.8" && hstore.owner == "supabase_admin")
        #expect(hstore.configuration.isEmpty)
        let configured = try #require(extensions.first { $0.name == "plpgsql" }).configuration
        #expect(configured.map(\.displayName) == ["t.every", "t.numbers", "t.some"])
        #expect(configured.map(\.kind) == [.table, .sequence, .table])
        #expect(configured.map(\.condition) == [nil, nil, "( NOT builtin -- ours\n)"])
        let tables = try await Inspected.tables(session)
        #expect(tables["some"]?.rowCondition == "( NOT builtin -- ours\n)")
        #expect(tables["every"]?.rowCondition == nil && tables["own"]?.rowCondition == nil)
    }

    @Test(.scratchDatabase) func `without a configuration PL/pgSQL is not named`() async throws {
        let extensions = try await DetailQuery.extensions(in: Inspected.session(after: ""))
        #expect(extensions.map(\.name).contains("pgcrypto") && !extensions.map(\.name).contains("plpgsql"))
    }

    @Test(.scratchDatabase) func `publications are read with tables, row filters, columns, schemas and operations`()
        async throws
    {
        let session = try await Inspected.session(
            after: #"""
                create table t.a (id int primary key, "b c" text, d int); create table t.b (id int primary key);
                create publication partly for table t.a ("b c", id) where (id > 5), table t.b
                  with (publish = 'insert, delete', publish_via_partition_root = true);
                create publication nothing;
                """#)
        let admin = try await ScratchDatabase.current.superuserSession()
        try await admin.executeScript(
            "create publication everything for all tables; create publication schemas for tables in schema t, public")
        let reading = try await PublicationQuery.publications(in: session)
        #expect(reading.state == .read)
        #expect(
            reading.items.map(\.name) == ["everything", "nothing", "partly", "schemas", "supabase_realtime"])
        let some = try #require(reading.items.first { $0.name == "partly" })
        #expect(some.owner == "postgres" && !some.isForAllTables && some.publishesViaRoot)
        #expect(some.operations == ["insert", "delete"])
        #expect(some.tables.map(\.displayName) == ["t.a", "t.b"])
        #expect(some.tables.map(\.columns) == [["id", "b c"], nil])
        #expect(some.tables.map(\.rowFilter) == ["(id > 5)", nil])
        let schemas = try #require(reading.items.first { $0.name == "schemas" })
        #expect(schemas.schemas == ["public", "t"] && schemas.tables.isEmpty)
        let everything = try #require(reading.items.first { $0.name == "everything" })
        #expect(everything.isForAllTables && everything.owner == "supabase_admin")
        #expect(everything.operations == ["insert", "update", "delete", "truncate"])
        #expect(reading.items.first { $0.name == "nothing" }?.tables.isEmpty == true)
    }

    @Test(.scratchDatabase) func `cron jobs are read without what they run, and are absent without pg_cron`()
        async throws
    {
        let session = try await Inspected.session(after: "")
        #expect(try await CronQuery.jobs(in: session) == .absent)
        try await ScratchDatabase.current.superuserSession().executeScript(
            """
            create schema cron;
            create table cron.job (jobid bigint primary key, schedule text not null, command text not null,
              nodename text not null, nodeport int not null, database text not null, username text not null,
              active boolean not null default true, jobname text);
            insert into cron.job values (2, '30 3 * * *', 'select net.http_post(''key'')', 'localhost', 5432, 'postgres',
              'postgres', true, 'nightly'), (1, '5 seconds', 'select 1', '', 5432, 'other', 'anon', false, null);
            """)
        let reading = try await CronQuery.jobs(in: session)
        #expect(
            reading.items.map { "\($0.id) \($0.name ?? "-") \($0.schedule) \($0.database) \($0.user) \($0.isActive)" }
                == [
                    "1 - 5 seconds other anon false", "2 nightly 30 3 * * * postgres postgres true",
                ])
    }

    @Test(.scratchDatabase) func `buckets are counted and summed by the rows about their files`() async throws {
        let session = try await Inspected.session(
            after: """
                insert into storage.buckets (id, name, public) values ('avatars', 'Avatars', true),
                  ('empty', 'Empty', false), ('receipts', 'Receipts', null);
                insert into storage.objects (bucket_id, name, metadata) values
                  ('avatars', 'a.png', '{"size": 1000}'), ('avatars', 'b.png', '{"size": "234"}'),
                  ('receipts', 'x', null), ('receipts', 'y', '{"size": "huge"}'), ('receipts', 'z', '{"size": 5000000000}');
                """)
        let reading = try await StorageQuery.buckets(in: session)
        #expect(
            reading.items.map {
                "\($0.id) \($0.name) \($0.isPublic) \($0.objects) \($0.bytes) \($0.objectsOfUnknownSize)"
            } == ["avatars Avatars true 2 1234 0", "empty Empty false 0 0 0", "receipts Receipts false 3 5000000000 2"])
        let plain = try await ScratchDatabase.current.emptyDatabase()
        let other = try await ScratchDatabase.current.session(to: plain)
        #expect(try await StorageQuery.buckets(in: other) == .absent)
    }

    @Test(.scratchDatabase) func `large objects are read with owner, access and comment`() async throws {
        let session = try await Inspected.session(
            after: """
                select lo_create(710001), lo_create(710002); grant select on large object 710001 to anon;
                comment on large object 710001 is 'a receipt';
                """)
        try await ScratchDatabase.current.superuserSession().executeScript("select lo_create(710003)")
        let objects = try await DetailQuery.largeObjects(in: session)
        #expect(
            objects.map { "\($0.oid) \($0.owner) \($0.entries) \($0.comment ?? "-")" } == [
                "710001 postgres [\"anon=r/postgres\", \"postgres=rw/postgres\"] a receipt",
                "710002 postgres [\"postgres=rw/postgres\"] -",
                "710003 supabase_admin [\"supabase_admin=rw/supabase_admin\"] -",
            ])
    }

    @Test(.scratchDatabase)
    func `triggers, policies and foreign keys on managed tables are found by catalog and number`()
        async throws
    {
        let session = try await Inspected.session(
            after: """
                create function t.touch() returns trigger language plpgsql as $$ begin return new; end $$;
                create trigger mine after insert on auth.users for each row execute function t.touch();
                create policy "my own" on storage.objects for select using (true);
                create table t.owners (id uuid primary key, account uuid references auth.users);
                """)
        try await ScratchDatabase.current.superuserSession().executeScript(
            "alter table storage.objects add constraint owned foreign key (owner) references t.owners")
        let before = [
            "foreign key owned on storage.objects", "policy \"my own\" on storage.objects",
            "trigger mine on auth.users",
        ]
        let found = try await DetailQuery.userObjectsOnManagedTables(in: session)
        #expect(found.map(\.description) == before)
        let expected = try await session.query(
            """
            select 'pg_constraint'::regclass::oid || ' ' || oid from pg_constraint where conname = 'owned'
            union all select 'pg_policy'::regclass::oid || ' ' || oid from pg_policy where polname = 'my own'
            union all select 'pg_trigger'::regclass::oid || ' ' || oid from pg_trigger where tgname = 'mine'
            """
        )
        #expect(found.map { "\($0.catalog) \($0.oid)" } == expected.map { $0[0] ?? "" })
    }
}
