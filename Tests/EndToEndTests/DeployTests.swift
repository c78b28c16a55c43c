import Foundation
import PostgresClient
import PostgresTesting
import Testing

@Suite("deploy", .tags(.server))
struct DeployTests {
    private static let package = Workplace.package

    /// The options that name the application's own folders.
    private static func app(_ work: Workplace) throws -> [String] {
        [
            "--migrations", package.appendingPathComponent("migrations").path,
            "--policies", package.appendingPathComponent("policies").path,
            "--models", package.appendingPathComponent("Sources/DataModels/Tables").path,
        ]
    }

    /// A small project of its own: one table, one policy file.
    private static func project(_ work: Workplace) throws -> [String] {
        try work.write(
            """
            create table public.notes (id uuid primary key, user_id uuid not null);
            alter table public.notes enable row level security;
            """, to: "migrations/20260101000000_notes.sql")
        try work.write(policy("(select auth.uid()) = user_id"), to: "policies/notes.sql")
        return [
            "--migrations", work.folder.appendingPathComponent("migrations").path,
            "--policies", work.folder.appendingPathComponent("policies").path,
        ]
    }

    private static func policy(_ condition: String) -> String {
        """
        alter table public.notes enable row level security;
        create policy "notes: own rows" on public.notes for select to authenticated using (\(condition));
        grant select on public.notes to authenticated;
        """
    }

    private static func states(_ outcome: WheelsProgram.Outcome) throws -> [String] {
        let stages = try outcome.json()["stages"] as? [[String: Any]] ?? []
        return stages.map { "\($0["stage"] ?? "?") \($0["state"] ?? "?")" }
    }

    @Test(.scratchDatabase) func `the application is deployed whole, and a second deploy changes nothing`() async throws
    {
        let work = try Workplace()
        let settings = try ScratchDatabase.current.settings
        let arguments = try ["deploy", "--json"] + Self.app(work)
        let first = try await work.run(arguments, on: settings)
        #expect(first.status == 0, "\(first)")
        let all = ["migrate", "policies", "models", "matrix", "health"].map { "\($0) done" }
        #expect(try Self.states(first) == ["plan done", "backup skipped"] + all)
        let changes = try first.json()["changes"] as? [String] ?? []
        #expect(changes.contains("migration 20260101000200_identity.sql"))
        #expect(changes.contains("policies of public.profiles"))
        let second = try await work.run(arguments, on: settings)
        #expect(second.status == 0, "\(second)")
        #expect(try second.json()["changes"] as? [String] == [])
    }

    @Test(.scratchDatabase) func `a failing migration says what is in force, and the next deploy goes on from there`()
        async throws
    {
        let work = try Workplace()
        let settings = try ScratchDatabase.current.settings
        let folders = try Self.project(work)
        let broken = "migrations/20260101000001_broken.sql"
        try work.write("create table public.broken (id nonsense);", to: broken)
        let stopped = try await work.run(["deploy"] + folders, on: settings)
        #expect(stopped.status == 1, "\(stopped)")
        #expect(stopped.errors.contains("stopped at migrate"))
        #expect(stopped.errors.contains("in force: migration 20260101000000_notes.sql."))
        #expect(stopped.errors.contains("Not run: policies, models, matrix, health."))
        #expect(stopped.errors.contains("20260101000001_broken.sql:1:"))
        try work.write("alter table public.notes add column text text;", to: broken)
        let mended = try await work.run(["deploy", "--json"] + folders, on: settings)
        #expect(mended.status == 0, "\(mended)")
        #expect(
            try mended.json()["changes"] as? [String] == [
                "migration 20260101000001_broken.sql", "policies of public.notes",
            ])
    }

    @Test(.scratchDatabase) func `a policy that cannot be applied stops the deploy behind the migrations`() async throws
    {
        let work = try Workplace()
        let settings = try ScratchDatabase.current.settings
        let folders = try Self.project(work)
        try work.write(Self.policy("public.no_such_function(user_id)"), to: "policies/notes.sql")
        let stopped = try await work.run(["deploy"] + folders, on: settings)
        #expect(stopped.status == 1, "\(stopped)")
        #expect(stopped.errors.contains("stopped at policies"))
        #expect(stopped.errors.contains("no_such_function"))
        #expect(stopped.errors.contains("in force: migration 20260101000000_notes.sql."))
    }

    @Test(.scratchDatabase) func `access that the committed matrix does not know ends a deploy with 2`() async throws {
        let work = try Workplace()
        let settings = try ScratchDatabase.current.settings
        let folders = try Self.project(work)
        #expect(try await work.run(["deploy"] + folders, on: settings).status == 0)
        let write = ["policy", "matrix", "--write", "--policies", folders[3]]
        #expect(try await work.run(write, on: settings).status == 0)
        #expect(try await work.run(["deploy"] + folders, on: settings).status == 0)
        try work.write(Self.policy("true"), to: "policies/notes.sql")
        let wider = try await work.run(["deploy"] + folders, on: settings)
        #expect(wider.status == 2, "\(wider)")
        #expect(wider.errors.contains("stopped at matrix"))
        #expect(wider.errors.contains("public.notes authenticated SELECT: OWN → OPEN"))
    }

    @Test(.scratchDatabase) func `a dry run, an edited migration and a protected environment change nothing`()
        async throws
    {
        let work = try Workplace()
        let scratch = try ScratchDatabase.current
        let folders = try Self.project(work)
        try work.write(
            """
            environments:
              production:
                url_from: PRODUCTION_DATABASE_URL
                ref: tsrqponmlkjihgfedcba
                protected: true
            """, to: "wheels-db.yml")
        let production = ["PRODUCTION_DATABASE_URL": scratch.settings.url]
        let dry = try await work.program.run(
            ["deploy", "--env", "production", "--dry-run"] + folders, adding: production)
        #expect(dry.status == 0, "\(dry)")
        #expect(dry.output.contains("1 migration to apply"))
        let refused = try await work.program.run(["deploy", "--env", "production"] + folders, adding: production)
        #expect(refused.status == 19, "\(refused)")
        let session = try await scratch.session()
        #expect(try await session.query("select to_regclass('public.notes')")[0][0] == nil)

        let confirmed = ["deploy", "--env", "production", "--confirm", "tsrqponmlkjihgfedcba"] + folders
        let deployed = try await work.program.run(confirmed, adding: production)
        #expect(deployed.status == 0, "\(deployed)")
        #expect(deployed.errors.contains("No backup is made first"))
        try work.write("create table public.other (id int);", to: "migrations/20260101000000_notes.sql")
        let edited = try await work.program.run(confirmed, adding: production)
        #expect(edited.status == 2, "\(edited)")
        #expect(edited.errors.contains("stopped at plan"))
        #expect(edited.errors.contains("Nothing was changed in the database."))
    }
}
