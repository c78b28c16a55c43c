import Diagnostics
import Migrations
import PostgresClient
import PostgresTesting
import Testing

@Suite("A role without rights", .tags(.server))
struct PermissionTests {
    @Test(.scratchDatabase) func `that may not make the ledger is told so, and nothing runs`() async throws {
        let session = try await ScratchDatabase.current.superuserSession()
        try await session.executeScript("create role no_rights_\(Self.suffix) login")
        let bench = try MigrationBench().write("select 1;")
        let error = try await bench.failure(as: "no_rights_\(Self.suffix)")
        #expect(error.code == "migration.no-ledger" && error.failureClass == .permission)
        #expect(error.summary.contains("42501") && error.summary.contains("Nothing was applied."))
        try await session.executeScript("drop role no_rights_\(Self.suffix)")
    }

    @Test(.scratchDatabase) func `that may not read the ledger gets the class permission`() async throws {
        let session = try await ScratchDatabase.current.superuserSession()
        let bench = try MigrationBench().write("select 1;")
        try await bench.up()
        let role = "no_reads_\(Self.suffix)"
        try await session.executeScript("create role \(role) login")
        let error = try await bench.failure(as: role)
        #expect(error.failureClass == .permission)
        #expect(error.summary.contains("supabase_migrations"))
        let plan = await #expect(throws: MigrationError.self) { try await bench.plan(as: role) }
        #expect(plan?.failureClass == .permission)
        try await session.executeScript("drop role \(role)")
    }

    @Test(.scratchDatabase) func `a table of another owner stops the file at its statement`() async throws {
        let session = try await ScratchDatabase.current.superuserSession()
        try await session.executeScript("create table public.theirs (id int)")
        let bench = try MigrationBench().write(
            "create table public.ours (id int);\nalter table public.theirs add note text;")
        let error = try await bench.failure()
        #expect(error.failureClass == .permission && error.summary.contains("42501") && error.span?.line == 2)
        #expect(error.remedy?.sentence.contains("owner") == true)
        #expect(try await session.text("select to_regclass('public.ours')::text") == nil)
    }

    private static let suffix = "in_migrations"
}
