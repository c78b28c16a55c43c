import Diagnostics
import DocumentTesting
import ModelGeneration
import PostgresClient
import PostgresTesting
import Testing

@Suite("The checked-in models", .tags(.server))
struct CheckedInModelTests {
    @Test(.appDatabase) func `are those of the migrations: after a new one run make models`() async throws {
        let plan = try await ModelPlan.read(try await ScratchDatabase.current.session())
        let folder = try ModelFolder.read("\(RepositoryTree.root)/Sources/DataModels/Tables")
        let differences = plan.differences(from: folder)
        #expect(differences.isEmpty, "\(differences.map(\.finding.message).joined(separator: "\n"))")
    }

    @Test(.appDatabase) func `are stale as soon as a column changes`() async throws {
        let session = try await ScratchDatabase.current.session()
        let folder = try ModelFolder.read("\(RepositoryTree.root)/Sources/DataModels/Tables")
        var before = try await ModelPlan.read(session)
        for change in [
            "alter table public.budgets alter column name set not null",
            "alter table public.budgets add column note text",
            "alter table public.budgets rename column name to label",
            "alter table public.budgets alter column alert_threshold type numeric(6, 3)",
            "comment on column public.budgets.category is 'What for.'",
            "alter type public.affiliate_provider add value 'etsy'",
            "alter table public.user_trips drop constraint user_trips_status_check",
            "create table public.brand_new (id int)", "drop view public.budget_summary",
        ] {
            try await session.executeScript(change)
            let plan = try await ModelPlan.read(session)
            #expect(plan.files != before.files, "\(change)")
            #expect(!plan.differences(from: folder).isEmpty, "\(change)")
            before = plan
        }
    }
}
