import ArchiveRepository
import CatalogInspection
import Diagnostics
import Foundation
import LogicalBackup
import PostgresClient
import PostgresTesting
import Testing

@Suite("What a manifest holds", .tags(.server))
struct ManifestTests {
    private static let project = """
        create table public.trips (id bigserial primary key, owner uuid references auth.users, note text);
        insert into auth.users (id, email) select gen_random_uuid(), 'u' || n || '@example.com' from generate_series(1, 9) n;
        insert into public.trips (owner, note) select id, repeat('x', 1000) from auth.users;
        alter publication supabase_realtime add table public.trips (id, note) where (id > 3);
        insert into storage.buckets (id, name) values ('receipts', 'receipts'), ('empty', 'empty');
        insert into storage.objects (bucket_id, name, metadata)
          values ('receipts', 'a.jpg', '{"size": 1500}'), ('receipts', 'b.jpg', '{}');
        create policy own on storage.objects for select using (owner = (select auth.uid()));
        select lo_from_bytea(720001, '\\x00ff'); comment on large object 720001 is 'scan';
        grant select on large object 720001 to anon;
        """

    /// A backup of the project by the non-superuser `postgres`.
    private func backUp(
        _ repository: ScratchRepository,
        preparing script: String = "",
        requiredVariables: [String]? = nil
    ) async throws -> BackupManifest {
        let scratch = try ScratchDatabase.current
        try await scratch.session().executeScript(Self.project)
        if !script.isEmpty { try await scratch.superuserSession().executeScript(script) }
        let options = BackupOptions(
            environment: ScratchRepository.environment, toolVersion: "9.8.7", requiredVariables: requiredVariables)
        return try await BackupRun(settings: scratch.settings, options: options).create(in: repository.writer)
    }

    @Test(.scratchDatabase) func `every part of a project is in it, read by the non-superuser postgres`() async throws {
        let manifest = try await backUp(ScratchRepository(), requiredVariables: ["SUPABASE_URL", "APP_URL"])
        let around = manifest.surroundings
        #expect(manifest.unreadableParts.isEmpty)
        #expect(around.roles.items.contains { $0.name == "service_role" && $0.bypassesRowSecurity })
        #expect(around.memberships.items.contains { $0.role == "anon" && $0.member == "authenticator" })
        let anon = around.roleSettings.items.filter { $0.role == "anon" }
        #expect(anon.map { "\($0.name)=\($0.value ?? "")" } == ["statement_timeout=3s"])
        #expect(around.defaultPrivileges.items.contains { $0.schema == "public" && $0.objects == "tables" })
        let realtime = try #require(around.publications.items.first { $0.name == "supabase_realtime" })
        #expect(realtime.tables.map(\.columns) == [["id", "note"]] && realtime.tables.map(\.rowFilter) == ["(id > 3)"])
        #expect(around.cronJobs == .absent)
        #expect(
            around.storageBuckets.items.map { "\($0.id) \($0.objects) \($0.bytes)" } == [
                "empty 0 0", "receipts 2 1500",
            ])
        #expect(around.requiredVariables == ["APP_URL", "SUPABASE_URL"])
        #expect(manifest.extensions.contains { $0.name == "pgcrypto" && $0.schema == "extensions" })
        #expect(manifest.userObjectsOnManagedTables.map(\.description) == ["policy own on storage.objects"])
        let object = try #require(manifest.largeObjects?.objects.first)
        #expect(object.owner == "postgres" && object.comment == "scan")
        #expect(object.entries == ["anon=r/postgres", "postgres=rw/postgres"])
    }

    @Test(.scratchDatabase) func `it tells the moment, the server and the software, and what came over the wire`()
        async throws
    {
        let manifest = try await backUp(ScratchRepository())
        let around = manifest.surroundings
        let server = around.server
        #expect(server.lsn != nil && server.systemIdentifier != nil && server.timeline == 1 && server.startedAt != nil)
        #expect(server.settings.contains { $0.name == "server_encoding" && $0.value == "UTF8" })
        let clock = try Date(
            #require(server.clock), strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        #expect(abs(clock.timeIntervalSince(manifest.snapshotAt)) < 60)
        #expect(manifest.snapshotAt <= manifest.finishedAt && manifest.seconds > 0)
        #expect(around.software.tool == "9.8.7" && around.software.format == manifest.format)
        #expect(around.software.client == manifest.schemaProgram && around.software.client.hasPrefix("pg_dump"))
        for version in [around.software.libpq, around.software.zstd, around.software.openSSL] {
            #expect(version.wholeMatch(of: #/\d+\.\d+(\.\d+)?.*/#) != nil, "\(version)")
        }
        #expect(around.requiredVariables == nil)
        // All rows came by COPY, and the catalog by queries.
        #expect(manifest.rowBytes > 9_000)
        #expect(around.bytesReceived > manifest.rowBytes + 10_000)
        #expect(around.bytesReceived < manifest.rowBytes + 5_000_000)
        #expect(around.bytesNotCounted == [])
    }

    @Test(.scratchDatabase) func `values that may be secrets are sealed with the schema, and nowhere else`()
        async throws
    {
        let repository = try ScratchRepository()
        let name = try ScratchDatabase.current.name
        let manifest = try await backUp(
            repository, preparing: "alter database \(name) set app.jwt_secret = 'hush-hush''quoted'")
        let settings = manifest.surroundings.roleSettings.items.filter { $0.name == "app.jwt_secret" }
        #expect(settings.count == 1 && settings.first?.value == nil && settings.first?.isForThisDatabase == true)
        let id = try #require(BackupID(manifest.backup))
        #expect(!String(decoding: try repository.writer.manifest(id), as: UTF8.self).contains("hush-hush"))
        let script = String(decoding: try repository.reader.schema(manifest.schemaSQL), as: UTF8.self)
        #expect(script.contains("-- ALTER DATABASE \"\(name)\" SET \"app\".\"jwt_secret\" TO 'hush-hush''quoted';"))
        #expect(script.contains("-- ALTER ROLE \"postgres\" SET \"search_path\" TO \"$user\", public, extensions;"))
        #expect(script.contains("-- GRANT \"anon\" TO \"authenticator\";"))
        #expect(script.contains("-- CREATE ROLE \"anon\" NOSUPERUSER INHERIT NOCREATEROLE NOCREATEDB NOLOGIN"))
    }

    @Test(.scratchDatabase) func `a backup names what the role may not read, and is a backup all the same`()
        async throws
    {
        let repository = try ScratchRepository()
        let manifest = try await backUp(
            repository,
            preparing: """
                revoke execute on function pg_control_system(), pg_current_wal_flush_lsn(), pg_current_wal_lsn() from public;
                """)
        #expect(manifest.surroundings.server.systemIdentifier == nil)
        #expect(manifest.unreadableParts.map(\.name) == ["server's lsn", "server's systemIdentifier"])
        let findings = manifest.findings.filter { $0.code == "backup.part-not-readable" }
        #expect(findings.count == 2 && findings.allSatisfy { $0.severity == .warning })
        #expect(findings.first?.message.contains("permission denied for function") == true)
        let report = try await BackupVerification(reader: repository.reader).verify(manifest)
        #expect(report.rows >= manifest.rows)
    }

    @Test(.scratchDatabase) func `a tree whose rows may find no place after a restore is a warning`() async throws {
        let manifest = try await backUp(
            try ScratchRepository(),
            preparing: """
                create table tree (n int) partition by hash ((n + 1));
                create table tree_0 partition of tree for values with (modulus 2, remainder 0);
                create table tree_1 partition of tree for values with (modulus 2, remainder 1);
                create table whole (n int) partition by hash ((n + 1));
                create table whole_0 partition of whole for values with (modulus 1, remainder 0);
                insert into tree select generate_series(1, 99); insert into whole values (1);
                alter table tree detach partition tree_0;
                """)
        let findings = manifest.findings.filter { $0.code == "backup.partition-missing" }
        #expect(findings.map(\.subject) == ["\"public\".\"tree\""])
        #expect(findings.first?.severity == .warning)
    }

    @Test(.scratchDatabase) func `that files of storage are not in it is a warning, and none without files`()
        async throws
    {
        let repository = try ScratchRepository()
        let finding = try #require(
            try await backUp(repository).findings.first { $0.code == "backup.storage-files" })
        #expect(finding.severity == .warning)
        #expect(finding.message.contains("2 files in receipts, 1500 bytes, and 1 of unknown size"))
        let other = try await ScratchDatabase.current.anotherDatabase()
        #expect(try await repository.backUp(other).findings.isEmpty)
    }

    @Test(.scratchDatabase) func `rows of an extension's configuration are data, and only the user's`() async throws {
        let scratch = try ScratchDatabase.current
        let admin = try await scratch.superuserSession()
        let makesExtension = """
            create schema places; create table places.systems (id int primary key, name text, builtin bool default false);
            create table places.jobs (id int); insert into places.systems values (1, 'WGS 84', true), (2, 'old', true);
            alter extension plpgsql add schema places;
            alter extension plpgsql add table places.systems; alter extension plpgsql add table places.jobs;
            update pg_extension set extconfig = array['places.systems'::regclass, 'places.jobs'::regclass]::oid[],
              extcondition = array['WHERE NOT builtin', ''] where extname = 'plpgsql';
            grant usage on schema places to postgres; grant all on places.systems, places.jobs to postgres;
            """
        try await admin.executeScript(
            makesExtension + "insert into places.systems values (900, 'mine'); insert into places.jobs values (1), (2)")
        let repository = try ScratchRepository()
        let manifest = try await repository.backUp(scratch.settings)
        let rows = Dictionary(uniqueKeysWithValues: manifest.tables.map { ($0.table.displayName, $0.rows) })
        #expect(rows["places.systems"] == 1 && rows["places.jobs"] == 2)
        let target = try await scratch.anotherDatabase()
        let other = try await scratch.session(to: target.setting("user", to: "supabase_admin"))
        try await other.executeScript(makesExtension)
        // The tables of the extension are there; a restore of chosen tables puts the user's rows beside its own.
        let report = try await repository.restore(manifest, into: target, tables: ["places.systems", "places.jobs"])
        #expect(report.proof?.rows == 3)
        let found = try await other.query("select string_agg(id || name, ' ' order by id) from places.systems")
        #expect(found.first?[0] == "1WGS 84 2old 900mine")
    }
}
