import ArchiveRepository
import CatalogInspection
import Foundation
import PostgresClient
import PostgresTesting
import Testing

@testable import LogicalBackup

@Suite("Nothing that pg_dump holds is missing", .tags(.server))
struct ContentsCoverageTests {
    /// What only a superuser can make, beside the zoo of types: each brings a kind of entry of its own.
    private static let superuserObjects = """
        create extension pg_trgm; comment on extension pg_trgm is 'trigrams';
        create function zoo.on_ddl() returns event_trigger language plpgsql as 'begin end';
        create event trigger watcher on ddl_command_end execute function zoo.on_ddl();
        create foreign data wrapper wrapper; create server elsewhere foreign data wrapper wrapper;
        create user mapping for postgres server elsewhere options (secret 'x');
        create foreign table zoo.far (a int) server elsewhere;
        create operator zoo.### (leftarg = int, rightarg = int, function = int4pl);
        create operator family zoo.family using btree;
        create operator class zoo.class for type int4 using btree family zoo.family as operator 1 <, function 1 btint4cmp(int4, int4);
        create type zoo.shell;
        create function zoo.base_in(cstring) returns zoo.base language internal immutable strict as 'int4in';
        create function zoo.base_out(zoo.base) returns cstring language internal immutable strict as 'int4out';
        create type zoo.base (input = zoo.base_in, output = zoo.base_out, like = int4);
        create cast (int4 as zoo.base) without function;
        create conversion zoo.conversion for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8;
        create collation zoo.collation (provider = libc, locale = 'C');
        create text search parser zoo.parser (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes = prsd_lextype);
        create text search template zoo.template (lexize = dsimple_lexize);
        create text search dictionary zoo.dictionary (template = simple);
        create text search configuration zoo.configuration (parser = default);
        create access method heap_too type table handler heap_tableam_handler;
        create trusted language plother handler plpgsql_call_handler;
        create transform for zoo.base language plother (from sql with function zoo.as_internal(internal));
        create publication everything for all tables; create publication schemas for tables in schema zoo;
        create publication chosen for table zoo.tree;
        create subscription subscriber connection 'host=nowhere' publication p with (connect = false, slot_name = none);
        alter default privileges in schema zoo grant select on tables to anon;
        create function zoo.touch() returns trigger language plpgsql as 'begin return new; end';
        create trigger touching before update on zoo.tree for each row execute function zoo.touch();
        create domain zoo.checked as int constraint unnamed check (value > 0) not null;
        alter domain zoo.checked add constraint later check (value < 100) not valid;
        create table zoo.detached (like zoo.parts_a including all);
        create index on zoo.parts (k); alter table zoo.no_rows alter column id set default 7;
        alter materialized view zoo.mv owner to postgres; grant usage on language plother to anon;
        create type zoo.label as enum (); refresh materialized view zoo.mv;
        """
        .replacing(
            "create transform",
            with:
                "create function zoo.as_internal(internal) returns internal language internal immutable strict as 'textlike_support';\ncreate transform"
        )

    @Test(.scratchDatabase) func `every entry of a complete dump is in the stored schema or named by the manifest`()
        async throws
    {
        let scratch = try ScratchDatabase.current
        let source = try await scratch.emptyDatabase().setting("user", to: "supabase_admin")
        _ = try await PgDump.psql(TypeZoo.script, on: source)
        let admin = try await scratch.session(to: source)
        try await admin.executeScript(Self.superuserObjects)
        let repository = try ScratchRepository()
        let manifest = try await repository.backUp(source)
        let files = TemporaryFiles()
        let complete = files.path("complete.pgdump")
        _ = try await PgDump.run("pg_dump", ["--format=custom", "--file=\(complete)"], on: source)
        // The database could not be dropped as long as it subscribes.
        try await admin.execute("drop subscription subscriber")

        let schema = files.path("schema.pgdump")
        try Data(try repository.reader.schema(manifest.schemaArchive)).write(to: URL(fileURLWithPath: schema))
        let storedList = try await PgDump.run("pg_restore", ["--list", schema], on: source)
        let stored = ArchiveEntry.entries(inList: storedList, schemas: manifest.schemas)
        #expect(stored.count == ContentsCoverage.lines(storedList).count, "an entry of the schema is not understood")
        let list = try await PgDump.run("pg_restore", ["--list", complete], on: source)
        let coverage = ContentsCoverage(manifest: manifest, stored: stored)
        #expect(coverage.missing(fromList: list) == [])

        // The zoo has what pg_dump knows; what it left out of the schema are exactly the kinds with contents.
        let kinds = Set(ArchiveEntry.entries(inList: list, schemas: manifest.schemas).map(\.kind))
        #expect(kinds.count >= 50, "\(kinds.sorted())")
        #expect(
            kinds.subtracting(stored.map(\.kind)).isSubset(of: [
                "TABLE DATA", "SEQUENCE SET", "MATERIALIZED VIEW DATA", "BLOB", "BLOBS", "BLOB METADATA",
            ]))
    }

    @Test(.scratchDatabase) func `an entry that nobody holds is found, whatever it is`() async throws {
        let scratch = try ScratchDatabase.current
        let source = try await scratch.emptyDatabase()
        let script = """
            create table public.t (id bigserial); create materialized view public.mv as select 1 as one;
            select lo_create(730001); comment on large object 730001 is 'x'; grant select on large object 730001 to anon
            """
        try await scratch.session(to: source).executeScript(script)
        var manifest = try await ScratchRepository().backUp(source)
        let list = """
            ; a comment
            1; 1259 1 TABLE public t postgres
            2; 0 1 TABLE DATA public t postgres
            3; 0 0 SEQUENCE SET public t_id_seq postgres
            4; 0 1 MATERIALIZED VIEW DATA public mv postgres
            5; 2613 730001 BLOB - 730001 postgres
            6; 0 0 ACL - LARGE OBJECT 730001 postgres
            7; 0 0 COMMENT - LARGE OBJECT 730001 postgres
            8; 0 0 SOMETHING NEW public thing postgres
            9; 3456 9 STATISTICS DATA public t postgres
            10; 2613 730002 BLOB - 730002 postgres
            """
        let table = ArchiveEntry.entries(inList: "1; 1259 1 TABLE public t postgres", schemas: ["public"])
        func missing() -> [String] {
            ContentsCoverage(manifest: manifest, stored: table).missing(fromList: list)
                .map { String($0.prefix { $0 != ";" }) }
        }
        #expect(missing() == ["8", "9", "10"])
        manifest.sequences = []
        manifest.materializedViews = []
        #expect(missing() == ["3", "4", "8", "9", "10"])
        manifest.largeObjects = nil
        manifest.tables = []
        #expect(missing() == ["2", "3", "4", "5", "6", "7", "8", "9", "10"])
        #expect(ContentsCoverage(manifest: manifest, stored: []).missing(fromList: list).count == 10)
    }
}

/// Files of one test, gone with it.
private final class TemporaryFiles: Sendable {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
        "wheels-toc-\(UUID().uuidString)")

    init() { try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
}
