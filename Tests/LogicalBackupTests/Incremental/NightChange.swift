import Testing

/// A change that the places and transactions of rows do not show, or show where there is none.
struct NightChange: Sendable {
    /// The table that it is about.
    let table: String
    /// Makes the table, and what it needs.
    let setup: [String]
    /// What happens between two nights, statement by statement.
    let change: [String]
    /// How the next night has to read the tables.
    let expected: [String: Nights.Reading]

    /// A one about one table, which is made of `columns` and filled with 2,000 rows of the expressions over `g`.
    init(
        _ table: String,
        columns: String = "id int primary key, note text",
        rows: String = "g, repeat(md5(g::text), 3)",
        before: [String] = [],
        after: [String] = [],
        change: [String],
        _ expected: Nights.Reading
    ) {
        let fill = "insert into \(table) select \(rows) from generate_series(1, 2000) g"
        self.init(
            table, setup: before + ["create table \(table) (\(columns))", fill] + after, change: change,
            expected: [table: expected])
    }

    /// A one about several tables.
    init(_ table: String, setup: [String], change: [String], expected: [String: Nights.Reading]) {
        self.table = table
        self.setup = setup
        self.change = change
        self.expected = expected
    }
}

/// Changes that can happen to one database together.
struct NightChangeGroup: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let changes: [NightChange]

    static let all = [meaning, files, rows, nothing]
}

extension NightChangeGroup {
    /// No row is written to, and all of them mean something else.
    static let meaning = NightChangeGroup(
        testDescription: "the meaning of rows",
        changes: [
            NightChange(
                "label_renamed", columns: "id int, feeling mood", rows: "g, 'ok'",
                before: ["create type mood as enum ('sad', 'ok', 'happy')"],
                change: ["alter type mood rename value 'ok' to 'fine'"], .inFull),
            NightChange(
                "label_in_array", columns: "id int, colours colour[]", rows: "g, array['red', 'blue']::colour[]",
                before: ["create type colour as enum ('red', 'blue')"],
                change: ["alter type colour rename value 'red' to 'crimson'"], .inFull),
            NightChange(
                "labels_swapped", columns: "id int, size size_of_domain", rows: "g, 'small'",
                before: ["create type size as enum ('small', 'large')", "create domain size_of_domain as size"],
                change: [
                    "alter type size rename value 'small' to 'x'", "alter type size rename value 'large' to 'small'",
                    "alter type size rename value 'x' to 'large'",
                ], .inFull),
            NightChange(
                "attribute_added", columns: "id int, pair pair", rows: "g, row(g, 'b')::pair",
                before: ["create type pair as (a int, b text)"],
                change: ["alter type pair add attribute c int"], .inFull),
            NightChange(
                "attribute_dropped", columns: "id int, trio trio[]", rows: "g, array[row(g, 'b', g)::trio]",
                before: ["create type trio as (a int, b text, c int)"],
                change: ["alter type trio drop attribute b"], .inFull),
            NightChange(
                "columns_swapped", columns: "a text, b text", rows: "'a' || g, 'b' || g",
                change: [
                    "alter table columns_swapped rename a to x", "alter table columns_swapped rename b to a",
                    "alter table columns_swapped rename x to b",
                ], .inFull),
            NightChange(
                "time_with_zone", columns: "id int, at timestamp",
                rows: "g, '2026-01-01'::timestamp + g * interval '1 hour'",
                change: ["set timezone = 'UTC'", "alter table time_with_zone alter at type timestamptz"], .inFull),
            NightChange(
                "default_added",
                change: ["alter table default_added add column more text default 'seven'"], .inFull),
            NightChange(
                "extension_updated", columns: "id int, pairs hstore", rows: "g, hstore('g', g::text)",
                before: ["create extension hstore with schema public version '1.4'"],
                change: ["alter extension hstore update"], .inFull),
            NightChange("column_dropped", change: ["alter table column_dropped drop column note"], .inFull),
            NightChange(
                "named_table", columns: "id int, what regclass", rows: "g, 'named'::regclass",
                before: ["create table named (id int)"], change: ["alter table named rename to renamed"], .inFull),
            NightChange(
                "named_schema", columns: "id int, what regprocedure[]",
                rows: "g, array['inner_schema.f()'::regprocedure]",
                before: [
                    "create schema inner_schema",
                    "create function inner_schema.f() returns int language sql as 'select 1'",
                ],
                change: ["alter schema inner_schema rename to outer_schema"], .inFull),
            NightChange(
                "generated", columns: "id int, twice int generated always as (twice(id)) stored", rows: "g",
                before: ["create function twice(n int) returns int immutable language sql as 'select n * 2'"],
                change: [
                    "create or replace function twice(n int) returns int immutable language sql as 'select n * 3'"
                ],
                .unchanged),
        ]
    )

    /// The table has another file, whether its rows are others or not.
    static let files = NightChangeGroup(
        testDescription: "another file",
        changes: [
            NightChange("vacuumed_full", change: ["vacuum full vacuumed_full"], .inFull),
            NightChange(
                "clustered", change: ["cluster clustered using clustered_pkey"], .inFull),
            NightChange(
                "reloaded",
                change: [
                    "truncate reloaded; insert into reloaded"
                        + " select g, repeat(md5(g::text), 3) from generate_series(1, 2000) g"
                ], .inFull),
            NightChange("rewritten", change: ["alter table rewritten alter id type bigint"], .inFull),
            NightChange("unlogged_now", change: ["alter table unlogged_now set unlogged"], .inFull),
            NightChange(
                "logged_now", after: ["alter table logged_now set unlogged"],
                change: ["alter table logged_now set logged"], .inFull),
            NightChange(
                "recreated",
                change: [
                    "drop table recreated", "create table recreated (id int primary key, note text)",
                    "insert into recreated select g, repeat(md5(g::text), 3) from generate_series(1, 2000) g",
                ], .inFull),
            NightChange("moved", change: ["alter table moved set tablespace wheels_nights"], .inFull),
            NightChange("emptied", change: ["delete from emptied", "vacuum emptied"], .unchanged),
            NightChange("truncated", change: ["truncate truncated"], .unchanged),
        ]
    )

    /// Some rows are others, which must cost no more than their ranges.
    static let rows = NightChangeGroup(
        testDescription: "some rows",
        changes: [
            NightChange(
                "numeric_scale", columns: "id int primary key, amount numeric, note text",
                rows: "g, 1.0, repeat(md5(g::text), 3)",
                change: ["update numeric_scale set amount = 1.00 where id = 9"], .inPart),
            NightChange(
                "citext_case", columns: "id int primary key, name public.citext, note text",
                rows: "g, 'Anna', repeat(md5(g::text), 3)",
                change: ["update citext_case set name = 'ANNA' where id = 9"], .inPart),
            NightChange(
                "toast_only", columns: "id int primary key, long text, note text",
                rows: "g, case when g % 400 = 0 then repeat(md5(g::text), 300) else '-' end, repeat(md5(g::text), 3)",
                after: ["alter table toast_only alter long set storage external"],
                change: ["update toast_only set long = long || 'x' where id = 800"], .inPart),
            NightChange(
                "leaves",
                setup: [
                    "create table leaves (id int, note text) partition by range (id)",
                    "create table leaf_low partition of leaves for values from (0) to (2000)",
                    "create table leaf_high partition of leaves for values from (2000) to (9000)",
                    "create table attached (id int, note text)", "create table detached (id int, note text)",
                    "alter table leaves attach partition detached for values from (20000) to (30000)",
                    "insert into leaves select g, repeat(md5(g::text), 3) from generate_series(1, 4000) g",
                    "insert into attached select g, repeat(md5(g::text), 3) from generate_series(10001, 12000) g",
                    "insert into detached select g, repeat(md5(g::text), 3) from generate_series(20001, 22000) g",
                ],
                change: [
                    "update leaves set id = id + 2000 where id in (7, 1800)",
                    "alter table leaves attach partition attached for values from (10000) to (20000)",
                    "alter table leaves detach partition detached",
                ],
                expected: [
                    "leaf_low": .inPart, "leaf_high": .inPart, "attached": .unchanged, "detached": .unchanged,
                ]),
            NightChange(
                "hashed",
                setup: [
                    "create type kind as enum ('a', 'b')",
                    "create table hashed (kind kind, id int) partition by hash (kind)",
                    "create table other_order (id int, kind kind)",
                    "insert into other_order select g, 'a' from generate_series(1, 2000) g",
                ],
                // The rows go through the root from now on, in the order of its columns.
                change: ["alter table hashed attach partition other_order for values with (modulus 1, remainder 0)"],
                expected: ["other_order": .inFull]),
            NightChange(
                "ancestor",
                setup: [
                    "create table ancestor (id int, note text)", "create table heir (more int) inherits (ancestor)",
                    "insert into ancestor select g, repeat(md5(g::text), 3) from generate_series(1, 2000) g",
                    "insert into heir select g, repeat(md5(g::text), 3), g from generate_series(1, 2000) g",
                ],
                change: ["update ancestor set note = 'of the heir' where id = 5 and tableoid = 'heir'::regclass"],
                expected: ["ancestor": .unchanged, "heir": .inPart]),
            NightChange(
                "nothing_in_it", setup: ["create table nothing_in_it (id int)"],
                change: ["insert into nothing_in_it values (1)"], expected: ["nothing_in_it": .inFull]),
            NightChange(
                "no_columns",
                setup: ["create table no_columns ()", "insert into no_columns select from generate_series(1, 5000)"],
                change: ["insert into no_columns default values"], expected: ["no_columns": .inPart]),
        ]
    )

    /// Nothing that was stored is another now.
    static let nothing = NightChangeGroup(
        testDescription: "no change",
        changes: [
            NightChange("frozen", change: ["vacuum freeze frozen"], .unchanged),
            NightChange(
                "locked", change: ["begin; select from locked where id > 0 for update; commit"], .unchanged),
            NightChange("shared", change: ["begin; select from shared for key share; commit"], .unchanged),
            NightChange(
                "aborted",
                change: ["begin", "update aborted set note = 'never'", "rollback", "vacuum aborted"], .unchanged),
            NightChange("untruncated", change: ["begin", "truncate untruncated", "rollback"], .unchanged),
            NightChange("indexed", change: ["create index on indexed (note)", "reindex table indexed"], .unchanged),
            NightChange("commented", change: ["comment on table commented is 'a comment'"], .unchanged),
            NightChange("analyzed", change: ["analyze analyzed"], .unchanged),
            NightChange("granted", change: ["grant select on granted to anon"], .unchanged),
            NightChange("defaulted", change: ["alter table defaulted alter note set default 'x'"], .unchanged),
            NightChange("checked", change: ["alter table checked add check (id > 0)"], .unchanged),
            NightChange(
                "label_added", columns: "id int, level level[]", rows: "g, array['low']::level[]",
                before: ["create type level as enum ('low', 'high')"],
                change: ["alter type level add value 'middle' before 'high'"], .unchanged),
            NightChange("renamed_table", change: ["alter table renamed_table rename to another_name"], .unchanged),
            NightChange("owned", change: ["alter table owned owner to service_role"], .unchanged),
            NightChange(
                "in_schema",
                setup: [
                    "create schema first_name", "create table first_name.in_schema (id int, note text)",
                    "insert into first_name.in_schema select g, md5(g::text) from generate_series(1, 2000) g",
                ],
                change: ["alter schema first_name rename to second_name"], expected: ["in_schema": .unchanged]),
            NightChange("secured", change: ["alter table secured enable row level security"], .unchanged),
            NightChange("nothing_at_all", columns: "", rows: "", change: [], .unchanged),
        ]
    )
}
