/// Statements that change a schema, and statements that do not.
enum CatalogStatements: Sendable {
    /// What the statements are about.
    static let preparation = """
        create schema t;
        create table t.place (id serial primary key, name text not null, kind text default 'park', cost numeric);
        create table t.visit (id bigint generated always as identity, place int, at timestamptz default now());
        create view t.named as select id, name from t.place;
        create materialized view t.kinds as select kind, count(*), string_agg(name, ',') as names from t.place group by 1;
        create function t.twice(n int) returns int language sql as 'select n * 2';
        create type t.mood as enum ('glad', 'tired');
        create type t.point as (x int, y int);
        create domain t.positive as int check (value > 0);
        create sequence t.counter;
        create table t.log (at date not null, note text) partition by range (at);
        create function t.noted() returns event_trigger language plpgsql as 'begin end';
        create function t.touched() returns trigger language plpgsql as 'begin return new; end';
        """

    /// Statements in an order in which each can run; every one changes what `pg_dump --schema-only --create` writes.
    static func changes(role: String) -> [String] {
        tables + rights(role) + objects + database(role)
    }

    private static let tables = [
        "create table t.extra (id int)",
        "alter table t.extra add column note text",
        "alter table t.extra rename column note to remark",
        "alter table t.extra rename to spare",
        "alter table t.spare alter column remark set default 'none'",
        "alter table t.spare alter column remark set default 'nine'",
        "alter table t.spare alter column remark set not null",
        "alter table t.spare alter column remark set storage external",
        "alter table t.spare alter column remark set compression lz4",
        "alter table t.spare alter column remark set statistics 17",
        "alter table t.spare set (fillfactor = 70)",
        "alter table t.spare set (toast.autovacuum_enabled = off)",
        "alter table t.spare set unlogged",
        "alter table t.spare add constraint longer check (length(remark) > 2) not valid",
        "alter table t.spare validate constraint longer",
        "alter table t.spare add primary key (id)",
        "alter table t.spare replica identity full",
        "create index spare_remark on t.spare (remark)",
        "alter table t.spare cluster on spare_pkey",
        "create statistics t.spare_stats on id, remark from t.spare",
        "alter table t.spare add foreign key (id) references t.place (id)",
        "alter table t.spare drop column remark",
        "drop table t.spare",
        "create table t.log_2026 partition of t.log for values from ('2026-01-01') to ('2027-01-01')",
        "alter table t.log detach partition t.log_2026",
        "create table t.child () inherits (t.place)",
        "alter table t.child no inherit t.place",
        "alter view t.named alter column name set default 'x'",
        "create or replace view t.named as select id, name, kind from t.place",
        "create rule quiet as on delete to t.visit do instead nothing",
        // Two names that change places: a sum that is linear in its columns does not notice.
        "alter table t.place rename to a; alter table t.visit rename to place; alter table t.a rename to visit",
    ]

    private static func rights(_ role: String) -> [String] {
        [
            "alter table t.visit enable row level security",
            "create policy own on t.visit using (true)",
            "alter policy own on t.visit using (id > 1)",
            "alter policy own on t.visit rename to mine",
            "alter table t.visit force row level security",
            "drop policy mine on t.visit",
            "create role \(role); grant select on t.visit to \(role)",
            "grant update (name) on t.visit to \(role)",
            "revoke select on t.visit from \(role)",
            "alter role \(role) rename to \(role)_2",
            "grant usage on schema t to \(role)_2",
            "grant execute on function t.twice to \(role)_2",
            "alter default privileges in schema t grant select on tables to \(role)_2",
            "alter table t.place owner to \(role)_2",
            "alter function t.twice owner to \(role)_2",
        ]
    }

    private static let objects = [
        "create or replace function t.twice(n int) returns int language sql as 'select n + n'",
        "alter function t.twice immutable",
        "create aggregate t.total (int) (sfunc = int4pl, stype = int, initcond = '0')",
        "create procedure t.tidy() language sql as 'select 1'",
        "comment on table t.visit is 'seen'",
        "comment on table t.visit is 'been'",
        "comment on column t.visit.id is 'number'",
        "comment on constraint place_pkey on t.visit is 'key'",
        "create trigger touch before update on t.visit for each row execute function t.touched()",
        "alter table t.visit disable trigger touch",
        "create event trigger noting on ddl_command_end execute function t.noted()",
        "alter event trigger noting disable",
        "alter type t.mood add value 'happy' before 'tired'",
        "alter type t.mood rename value 'happy' to 'merry'",
        "alter type t.point add attribute z int",
        "alter domain t.positive add constraint small check (value < 9)",
        "create type t.span as range (subtype = float8)",
        "alter sequence t.counter increment by 5 cache 3",
        "alter sequence t.counter owned by t.visit.id",
        "create extension if not exists fuzzystrmatch schema t",
        "alter extension fuzzystrmatch drop function t.soundex(text)",
        "create publication news for table t.visit",
        "alter publication news set (publish = 'insert')",
        "alter publication news add tables in schema t",
        foreignServer,
        "alter user mapping for postgres server \"far t\" options (set password 'changed')",
        "create foreign table t.far (id int) server \"far t\"",
        "create collation t.german (provider = libc, locale = 'C')",
        "create text search configuration t.words (copy = simple)",
        "alter text search configuration t.words drop mapping for email",
        "create operator t.=== (leftarg = int, rightarg = int, function = int4eq)",
        "create cast (t.mood as int) with inout",
        "create conversion t.conv for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8",
        "create operator class t.ints for type int4 using btree as operator 1 <, function 1 btint4cmp(int4, int4)",
        "create access method heap2 type table handler heap_tableam_handler",
        "create language other handler plpgsql_call_handler",
    ]

    static let foreignServer = """
        create foreign data wrapper fdw_t; create server "far t" foreign data wrapper fdw_t;
        create user mapping for postgres server "far t" options (password 'secret')
        """

    private static func database(_ role: String) -> [String] {
        let here = "do $$ begin execute format('STATEMENT', current_database()); end $$"
        return [
            "alter database %I set work_mem = ''5MB''", "comment on database %I is ''home''",
            "grant temporary on database %I to \(role)_2", "alter database %I connection limit 50",
            "alter role \(role)_2 in database %I set work_mem = ''6MB''",
        ].map { here.replacing("STATEMENT", with: $0) }
            + ["drop schema t cascade; drop owned by \(role)_2; drop role \(role)_2"]
    }

    /// Rows for ``harmless``, among them wide ones.
    static let busyTables = """
        insert into t.place (name, cost) select repeat(md5(n::text), 100), n from generate_series(1, 500) n;
        refresh materialized view t.kinds;
        create unique index on t.kinds (kind);
        """

    /// Statements that run one by one, and change rows, files, statistics and places, but no schema.
    static let harmless = [
        "insert into t.place (name) select 'x' from generate_series(1, 1000)",
        "update t.place set cost = 1; delete from t.place where id % 3 = 0",
        "vacuum t.place; vacuum (freeze, analyze) t.place",
        "analyze",
        "select nextval('t.counter'), setval('t.counter', 77)",
        "truncate t.visit restart identity",
        "reindex table t.place",
        "refresh materialized view t.kinds",
        "refresh materialized view concurrently t.kinds",
        "vacuum full t.place",
        "create temporary table mine (id serial primary key); drop table mine",
        "select lo_create(424242); grant select on large object 424242 to anon; select lo_unlink(424242)",
        "begin; create table t.never (id int); rollback",
        "vacuum pg_catalog.pg_class; vacuum pg_catalog.pg_attribute; vacuum (freeze) pg_catalog.pg_proc",
    ]
}
