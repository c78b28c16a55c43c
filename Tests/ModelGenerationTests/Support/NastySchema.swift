/// A schema whose names and comments try to break the generated text.
enum NastySchema {
    /// 63 bytes, the longest name there is.
    static let long = String(repeating: "abcdefg_", count: 7) + "abcdefg"

    static let script = #"""
        create schema nasty; create schema "Zweites Schema";
        create type nasty.class as enum ('default', 'none', 'some', 'self', 'init', 'rawValue', 'known', '', ' ', '+', '-',
          '2fa', 'a b', 'a_b', 'a-b', 'Größe', '用户', E'tab\there', E'line\nbreak', 'quote"s', 'back\slash', '\(x)', 'adminClass',
          'UPPER', 'HTTPServer', 'emoji 🚐', E'zero\u200Bwidth', 'nil', 'true', 'Type', 'Self', 'as');
        create type nasty.empty_enum as enum (); create type nasty.string as enum ('string');
        create type nasty.pair as (a int, b text); create domain nasty.positive as numeric(12, 2) check (value > 0);
        create domain nasty.many as nasty.class[]; create type nasty.span as range (subtype = numeric);
        comment on type nasty.class is E'Ends without a stop\n\n- Parameter x: of no function';
        create table nasty.words (
          id uuid primary key, key text, fields text, statement text, "isEmpty" text, hash text, "hashValue" text, self text,
          "Self" text, init text, type text not null default 'x', "Type" text, row text, "var" text, let int, "class" nasty.class,
          "func" text, "in" text, "inout" text, "await" text, "default" text, "throws" text, "a b" text, a_b text, "aB" text,
          "a-b" text, "2fa" text, "größe" text, "用户" text, "e\u0301t\u00e9" text, "🚐" text, "quote""s" text, "back\slash" text,
          "dollar$1" text, "\(injected)" text, "new
        line" text, "*/" text, "value" text, model text, relation text, list text, columns text, user_id uuid, "userId" uuid,
          "HTTPServerURL" text, "_" text, "__private" text, "%" text);
        comment on table nasty.words is E'``Link`` to nothing, <doc:Nothing> and [here](nowhere). No stop\u200B\n- Parameter x: y\n# Heading\ttab';
        comment on column nasty.words.key is 'Is this a question? Yes! e.g. this one. # no heading: - Throws: nothing';
        comment on column nasty.words.fields is '   ';
        comment on column nasty.words.statement is '/* " */ \(x) \';
        create table nasty.checked (
          id int generated always as identity primary key, type text check (type in ('Type', 'self')),
          string varchar(20) not null default 'x' check (string in ('x', 'y''z')), key text check (key = 'one'),
          words text check (words is null or words in ('a', 'b')), role text check (role in ('role', 'admin_role', 'userrole')),
          either text check (either = 'left' or either = 'right'), "both" text check ("both" in ('a', 'b', 'c') and length("both") < 9),
          cut text, other text check (other in ('a') or id > 5), number int check (number in (1, 2)),
          computed int generated always as (number * 2) stored, constraint z check (cut in ('b', 'c')), constraint y check (cut in ('a', 'b')));
        create table nasty.strings (id nasty.string primary key, word nasty.string[]);
        create table nasty.string_values (a int, b int, c text, primary key (c, a));
        create table nasty."Sets" (id int primary key); create table nasty."set" (id int); create table nasty.columns (id int);
        create table nasty."2fa" (id int); create table nasty."用户" (id int); create table nasty."Größe" (id int); create table nasty.groesse (id int);
        create table nasty.box (id int); create table nasty.boxes (id int); create table nasty."BOXES" (id int);
        create table nasty.people (id int); create table nasty.categories (id int); create table nasty.addresses (id int);
        create table nasty.empty (); create table nasty.generated (id int generated always as identity);
        create table nasty.every_type (
          b boolean, i2 smallint, i4 integer, i8 bigint, f4 real, f8 double precision, n numeric, n2 numeric(10, 2), u uuid,
          tz timestamptz(3), ts timestamp, d date, t time, ttz timetz, iv interval day to second, j json, jb jsonb, p point,
          ip inet, net cidr, by bytea, o oid, x xml, m money, tv tsvector, v varchar(5), c char(5), qc "char", nm name,
          pr nasty.pair, prs nasty.pair[], pos nasty.positive, poss nasty.positive[], many nasty.many, sp nasty.span,
          ia int[], ta text[][], ua uuid[], fa real[], na numeric[], cl nasty.class[], iv2 int2vector, r regclass);
        create table nasty.parted (id int not null, at date not null, primary key (id, at)) partition by range (at);
        create table nasty.parted_2026 partition of nasty.parted for values from ('2026-01-01') to ('2027-01-01');
        create view nasty.words_view as select id, "class", type from nasty.words;
        create materialized view nasty.counted as select count(*) as "Count", 'x'::text as "protocol" from nasty.words;
        create table "Zweites Schema".words (id int); create table "Zweites Schema"."Sets" (id int, c nasty.class);
        """#
        + "\ncreate table nasty.\(long) (\(long) text not null, id uuid primary key, other nasty.class);"
        + "\ncreate type nasty.x\(long.dropFirst()) as enum ('\(long)', 'y');"
        + "\ncreate table nasty.long_labels (id int, t text check (t in ('\(String(repeating: "word ", count: 60))', 'b')));"
        + "\ncomment on table nasty.long_labels is '\(String(repeating: "x", count: 400)) end. \(String(repeating: "word ", count: 80))';"
        + "\ncreate table nasty.wide (\((1...90).map { "column_number_\($0) text not null" }.joined(separator: ", ")));"

    static let schemas = ["nasty", "Zweites Schema"]
}
