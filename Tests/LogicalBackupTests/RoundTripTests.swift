import ArchiveRepository
import CatalogInspection
import Diagnostics
import Foundation
import LogicalBackup
import PostgresClient
import PostgresTesting
import Testing

@Suite("Round trip", .tags(.server))
struct RoundTripTests {
    @Test(.scratchDatabase) func `a small Supabase project comes back with equal schema, grants and rows`() async throws
    {
        let scratch = try ScratchDatabase.current
        let session = try await scratch.session()
        try await session.executeScript(
            """
            create table public.trips (id bigserial primary key, owner uuid references auth.users on delete cascade,
              title text not null, tags text[] default '{}', price numeric(10, 2), meta jsonb, at timestamptz default now());
            alter table public.trips enable row level security;
            create policy own on public.trips for select to authenticated using ((select auth.uid()) = owner);
            create function public.touch() returns trigger language plpgsql as $$ begin return new; end $$;
            create trigger on_auth_user_created after insert on auth.users for each row execute function public.touch();
            insert into auth.users (id, email) select gen_random_uuid(), 'u' || n || '@example.com' from generate_series(1, 50) n;
            insert into public.trips (owner, title, price, meta)
              select id, 'Trip of ' || email, 12.50, jsonb_build_object('a', 1.00) from auth.users;
            create materialized view public.totals as select count(*) as n from public.trips;
            """
        )
        let target = try await scratch.anotherDatabase()
        let repository = try ScratchRepository()
        let manifest = try await repository.backUp(scratch.settings)
        #expect(manifest.rows >= 100)
        let report = try await repository.restore(manifest, into: target)
        let proof = try #require(report.proof)
        #expect(
            proof.rows
                == manifest.tables.filter { report.backup == manifest.backup && $0.rows > 0 }.reduce(0) { $0 + $1.rows }
        )
        try await PgDump.expectSchema(of: target, equals: scratch.settings)
        let count = try await scratch.session(to: target).query("select n::text from public.totals")
        #expect(count.first?[0] == "50")
    }

    @Test(.scratchDatabase) func `every type and kind of table comes back as the non-superuser postgres`() async throws
    {
        let scratch = try ScratchDatabase.current
        let source = try await scratch.emptyDatabase()
        let target = try await scratch.emptyDatabase()
        _ = try await PgDump.psql(TypeZoo.script, on: source)
        let repository = try ScratchRepository()
        let manifest = try await repository.backUp(source)
        let formats = Dictionary(uniqueKeysWithValues: manifest.tables.map { ($0.table.name, $0.format) })
        #expect(formats["refs"] == .text && formats["arrays"] == .binary && formats["scalars"] == .binary)
        let report = try await repository.restore(manifest, into: target)
        #expect(report.proof?.tables == manifest.tables.count)
        try await PgDump.expectSchema(of: target, equals: source)
        let dump = ["--data-only", "--inserts", "--blobs"]
        let rows = try await PgDump.run("pg_dump", dump, on: source.setting("user", to: "supabase_admin"))
        let restored = try await PgDump.run("pg_dump", dump, on: target.setting("user", to: "supabase_admin"))
        let hashed: (Substring) -> Bool = {
            !$0.hasPrefix("INSERT INTO zoo.hashed") && !$0.hasPrefix("\\") && !$0.hasPrefix("--")
        }
        #expect(
            restored.split(separator: "\n").filter(hashed).sorted()
                == rows.split(separator: "\n").filter(hashed).sorted())
    }

    @Test(.scratchDatabase) func `pgbench comes back`() async throws {
        let scratch = try ScratchDatabase.current
        let source = try await scratch.emptyDatabase()
        let target = try await scratch.emptyDatabase()
        _ = try await PgDump.run("pgbench", ["--initialize", "--quiet", "--foreign-keys"], on: source)
        let repository = try ScratchRepository()
        let manifest = try await repository.backUp(source)
        #expect(manifest.rows == 100_011)
        #expect(manifest.tables.first { $0.table.name == "pgbench_accounts" }?.chunks.count == 2)
        _ = try await repository.restore(manifest, into: target)
        try await PgDump.expectSchema(of: target, equals: source)
    }
}

@Suite("Encodings", .tags(.server))
struct EncodingTests {
    private func database(encoding: String) async throws -> ConnectionSettings {
        let scratch = try ScratchDatabase.current
        let settings = try await scratch.emptyDatabase()
        let name = try #require(settings.database)
        let admin = try await scratch.superuserSession()
        try await admin.execute(Query(unsafeSQL: "drop database \(name)"))
        try await admin.execute(
            Query(
                unsafeSQL: "create database \(name) owner postgres encoding '\(encoding)' locale 'C' template template0")
        )
        return settings
    }

    @Test(.scratchDatabase) func `a Latin 1 database comes back with its bytes`() async throws {
        let scratch = try ScratchDatabase.current
        let source = try await database(encoding: "LATIN1")
        let target = try await database(encoding: "LATIN1")
        let session = try await scratch.session(to: source)
        try await session.executeScript(
            """
            create table "Größe" (id int, "ü" text default 'ä');
            insert into "Größe" select n, chr(n) from generate_series(32, 255) n where n not between 127 and 159;
            """
        )
        let repository = try ScratchRepository()
        _ = try await repository.restore(try await repository.backUp(source), into: target)
        try await PgDump.expectSchema(of: target, equals: source)
        let sum = #"select md5(string_agg(convert_to("ü", 'LATIN1'), '' order by id)) from "Größe""#
        let found = try await scratch.session(to: target).query(Query(unsafeSQL: sum)).first?[0]
        #expect(try await session.query(Query(unsafeSQL: sum)).first?[0] == found)
    }

    @Test(.scratchDatabase) func `a database without an encoding is refused`() async throws {
        let source = try await database(encoding: "SQL_ASCII")
        let repository = try ScratchRepository()
        let error = await #expect(throws: BackupError.self) { try await repository.backUp(source) }
        #expect(error?.code == "backup.encoding" && error?.failureClass == .unsupportedVersion)
    }
}
