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
        #expect(report.warnings.isEmpty)
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
        #expect(try await PgDump.psql(TypeZoo.missing, on: source) == "\n")
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

    @Test(.scratchDatabase) func `what developers put into a schema of Supabase's is named, for it is left out`()
        async throws
    {
        let scratch = try ScratchDatabase.current
        try await scratch.session().executeScript(
            "create function extensions.mine(int) returns int language sql as 'select 1'; create table public.t (id int)"
        )
        let repository = try ScratchRepository()
        let target = try await scratch.anotherDatabase()
        let report = try await repository.restore(try await repository.backUp(scratch.settings), into: target)
        #expect(report.warnings.count == 1)
        #expect(report.warnings.first?.message.contains("extensions.mine") == true)
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
