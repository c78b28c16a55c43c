import Foundation
import LocalPostgres
import PostgresClient
import PostgresTesting
import Testing

@Suite("What a backup says of itself", .tags(.server))
struct BackupReportTests {
    private static let configuration = """
        environments:
          production:
            url_from: PRODUCTION_URL
          staging:
            url_from: STAGING_URL
        required_variables:
          APP_URL: url
          STRIPE_SECRET_KEY: {rule: present, environments: [production]}
        """

    private func prepare(_ work: Workplace) async throws {
        try await ScratchDatabase.current.session().executeScript(
            """
            create table public.trips (id int primary key, note text); insert into public.trips values (1, 'one');
            insert into storage.buckets (id, name) values ('receipts', 'receipts');
            insert into storage.objects (bucket_id, name, metadata) values ('receipts', 'a', '{"size": 1500}'),
              ('receipts', 'b', '{"size": 2000}');
            select lo_from_bytea(740001, 'x'); comment on large object 740001 is 'a scan';
            create policy own on storage.objects for select using (true);
            alter publication supabase_realtime add table public.trips where (id > 0);
            """)
        #expect(try await work.makeRepository().status == 0)
    }

    @Test(.scratchDatabase) func `a backup says loudly, twice, that the files of storage are not in it`() async throws {
        let work = try Workplace()
        let settings = try ScratchDatabase.current.settings
        try await prepare(work)
        let create = ["backup", "create", "--repository", work.repository.path]
        for quiet in [[], ["--quiet"]] {
            let backup = try await work.run(create + quiet, on: settings)
            #expect(backup.status == 0, "\(backup)")
            #expect(backup.errors.contains("THE FILES OF SUPABASE STORAGE ARE NOT IN THIS BACKUP: 2 files in receipts"))
            let summary = try #require(backup.output.split(separator: "\n").last)
            #expect(summary == "NOT in it: 2 files of Supabase Storage; only their rows are.", "\(backup)")
        }
        let document = try await work.run(create + ["--json"], on: settings).json()
        let findings = try #require(document["findings"] as? [[String: Any]])
        #expect(findings.map { $0["code"] as? String } == ["backup.storage-files"])
        #expect(document["bytes_received"] as? Int ?? 0 > 1_000)

        let empty = try await ScratchDatabase.current.anotherDatabase()
        let silent = try await work.run(create, on: empty)
        #expect(silent.status == 0 && !silent.errors.contains("STORAGE") && !silent.output.contains("NOT in it"))
    }

    @Test(.scratchDatabase) func `show prints every part for people and for programs`() async throws {
        let work = try Workplace()
        let settings = try ScratchDatabase.current.settings
        try await prepare(work)
        try work.write(Self.configuration, to: "wheels-db.yml")
        let backup = try await work.program.run(
            ["backup", "create", "--repository", work.repository.path, "--env", "staging"],
            adding: ["STAGING_URL": settings.url, "STRIPE_SECRET_KEY": "sk_live_never"])
        #expect(backup.status == 0, "\(backup)")
        let show = try await work.run(["backup", "show", "--verbose"] + work.keys)
        #expect(show.status == 0, "\(show)")
        for line in [
            "SERVER\n", "  system identifier ", "  server_encoding = UTF8\n", "ROLES\n", "  service_role: bypassrls\n",
            "ROLE AND DATABASE SETTINGS\n", "  anon: statement_timeout = 3s\n", "DEFAULT PRIVILEGES\n", "EXTENSIONS\n",
            "  pgcrypto 1.3 in extensions\n", "PUBLICATIONS\n", "public.trips where (id > 0)\n", "LARGE OBJECTS\n",
            "  740001: owner postgres, postgres=rw/postgres, \"a scan\"\n", "YOURS ON SUPABASE'S TABLES\n",
            "  policy own on storage.objects\n",
            "STORAGE BUCKETS (their files are not in the backup, only their rows)\n",
            "  receipts: 2 files, 3.5 kB\n", "REQUIRED VARIABLES (names only)\n  APP_URL\n\n",
            "public.trips", " received in ", "libpq ", "zstd ", "OpenSSL ",
        ] { #expect(show.output.contains(line), "\(line): \(show)") }
        #expect(!show.output.contains("STRIPE") && !show.output.contains("CRON JOBS"))
        let document = try await work.run(["backup", "show", "--json"] + work.keys).json()
        let around = try #require(document["surroundings"] as? [String: Any])
        for key in [
            "server", "roles", "memberships", "role_settings", "default_privileges", "publications", "cron_jobs",
            "storage_buckets", "bytes_received", "bytes_not_counted", "software",
        ] { #expect(around[key] != nil, "\(key)") }
        #expect(around["required_variables"] as? [String] == ["APP_URL"])
        #expect((around["cron_jobs"] as? [String: Any])?["state"] as? String == "absent")
        let buckets = (around["storage_buckets"] as? [String: Any])?["items"] as? [[String: Any]]
        #expect(buckets?.first?["bytes"] as? Int == 3_500)
    }
}
