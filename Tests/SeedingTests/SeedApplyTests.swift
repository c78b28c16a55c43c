import Foundation
import LocalPostgres
import Migrations
import PostgresClient
import PostgresTesting
import Testing

@testable import Seeding

@Suite("Writing the seed", .tags(.server))
struct SeedApplyTests {
    @Test(.appDatabase(era: .apiRolesGetAll)) func `a second run changes nothing in a project of before 2026`()
        async throws
    {
        try await secondRunChangesNothing()
    }

    @Test(.appDatabase(era: .apiRolesGetNone)) func `a second run changes nothing in a project of today`() async throws
    {
        try await secondRunChangesNothing()
    }

    private func secondRunChangesNothing() async throws {
        let bench = try SeedBench()
        let session = try await ScratchDatabase.current.session()
        let first = try await bench.apply(2)
        #expect(first.inserted == first.tables.reduce(0) { $0 + $1.inserted } && first.updated == 0)
        #expect(first.provedKeys > 50)
        let rows = try await SeedBench.digests(session)
        let versions = try await session.text(Self.versions)
        let second = try await bench.apply(2)
        #expect(second.inserted == 0 && second.updated == 0 && second.removed == 0)
        #expect(second.unchanged == first.inserted)
        #expect(try await SeedBench.digests(session) == rows)
        #expect(try await session.text(Self.versions) == versions, "no row was written or locked again")
        let third = try await bench.apply(2) { $0.password = nil }
        #expect(third.password == .kept && third.updated == 0)
    }

    /// Changes with any row version, and with any row lock.
    private static let versions = """
        select md5(string_agg(x, ',' order by x)) from (
          select 'u' || ctid || xmin || xmax as x from auth.users union all
          select 'e' || ctid || xmin || xmax from public.expenses union all
          select 'c' || ctid || xmin || xmax from public.transaction_categories union all
          select 'r' || ctid || xmin || xmax from public.trip_routes) v
        """

    @Test(.appDatabase) func `rows that were changed are put right, and nothing else is written`() async throws {
        let bench = try SeedBench()
        let session = try await ScratchDatabase.current.session()
        _ = try await bench.apply(1)
        let rows = try await SeedBench.digests(session)
        try await session.executeScript(
            """
            delete from public.post_votes where id = (select id from public.post_votes where vote_type order by id limit 1);
            update public.trip_routes set start_location = point(1, 2) where id = (select min(id::text)::uuid from public.trip_routes);
            delete from public.fuel_log where id = (select max(id) from public.fuel_log);
            update public.profiles set full_name = 'Somebody else', medical_info = null
              where id = (select id from public.profiles where medical_info is not null limit 1);
            """)
        let again = try await bench.apply(1)
        #expect(again.inserted == 2 && again.updated == 3)
        #expect(try await SeedBench.digests(session) == rows, "no trigger moved updated_at, and the vote counts again")
    }

    @Test(.appDatabase) func `a larger scale adds rows and leaves those of the smaller one alone`() async throws {
        let bench = try SeedBench()
        let session = try await ScratchDatabase.current.session()
        let first = try await bench.apply(1)
        let second = try await bench.apply(3)
        #expect(second.updated == 0 && second.unchanged == first.inserted && second.inserted > first.inserted)
        let grown = try await SeedBench.digests(session)
        let fresh = try await ScratchDatabase.current.appCopy()
        _ = try await SeedBench(fresh).apply(3)
        #expect(try await SeedBench.digests(ScratchDatabase.current.session(to: fresh)) == grown)
    }

    @Test(.appDatabase) func `a smaller scale with prune leaves exactly its own rows`() async throws {
        let bench = try SeedBench()
        let session = try await ScratchDatabase.current.session()
        _ = try await bench.apply(1)
        let small = try await SeedBench.digests(session)
        let large = try await bench.apply(3)
        let kept = try await bench.apply(1)
        #expect(kept.removed == 0 && kept.inserted == 0 && kept.updated == 0)
        let pruned = try await bench.apply(1) { $0.prunes = true }
        #expect(pruned.removed == large.inserted && pruned.inserted == 0 && pruned.updated == 0)
        #expect(try await SeedBench.digests(session) == small)
    }

    @Test(.requiresServer, .appDatabase) func `another cluster in another folder gets the same bytes`() async throws {
        let session = try await ScratchDatabase.current.session()
        _ = try await SeedBench().apply(2)
        let here = try await SeedBench.digests(session)
        let elsewhere = try await withThrowawayServer(binaries: try await ThrowawayServer.binaries) { server in
            try await server.createSupabaseDatabase(named: "elsewhere", era: .apiRolesGetNone)
            let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent()
            let folder = try MigrationFolder.read(package.appendingPathComponent("migrations").path)
            let settings = server.settings(database: "elsewhere")
            _ = try await MigrationRunner(settings: settings, options: MigrationOptions(toolVersion: "test")).up(folder)
            _ = try await SeedBench(settings).apply(2)
            let other = try await Session.connect(to: settings)
            let digests = try await SeedBench.digests(other)
            await other.close()
            return digests
        }
        #expect(elsewhere == here)
    }

    @Test(.appDatabase) func `sequences stand past the seed, and rows of others live beside it`() async throws {
        let bench = try SeedBench()
        let session = try await ScratchDatabase.current.session()
        try await session.executeScript(Self.realRows)
        _ = try await bench.apply(1)
        let tables = ["fuel_log", "maintenance_records", "expenses", "anonymized_transactions", "pam_savings_events"]
        for table in tables + ["transaction_categories", "pam_analytics_logs"] {
            #expect(
                try await session.text(
                    "select (last_value >= (select max(id) from public.\(table)))::text from public.\(table)_id_seq")
                    == "true",
                "\(table)")
        }
        let user = try #require(
            try await session.text("select id::text from auth.users where email = 'dev@wheels.test'"))
        let added = try await session.text(
            "insert into public.expenses (user_id, amount, category) values ('\(user)', 2, 'food') returning id::text")
        #expect(Int64(added ?? "") ?? 0 > SeedIdentity.lastNumber)
        let grown = try await bench.apply(4)
        #expect(grown.updated == 0)
        _ = try await bench.runner(1).clear()
        #expect(try await session.texts("select amount::text from public.expenses order by id") == ["1.00", "2.00"])
        #expect(try await session.texts("select email from auth.users") == ["dev@wheels.test"])
        #expect(
            try await session.texts("select name from public.transaction_categories order by 1") == ["food", "pets"])
    }

    /// A developer's account with rows of their own; the trigger makes profile and settings.
    static let realRows = """
        insert into auth.users (id, email) values (gen_random_uuid(), 'dev@wheels.test');
        insert into public.expenses (user_id, amount, category) select id, 1, 'food' from auth.users;
        insert into public.transaction_categories (name, display_name) values ('food', 'Our food'), ('pets', 'Pets');
        """

    @Test(.appDatabase) func `a category of others keeps its name, and what hangs below ours is left out with it`()
        async throws
    {
        let session = try await ScratchDatabase.current.session()
        try await session.executeScript(Self.realRows)
        let report = try await SeedBench().apply(1)
        let categories = try #require(report.tables.first { $0.name == "public.transaction_categories" })
        // "food", and the two below it.
        #expect(categories.leftOut == 3)
        #expect(
            try await session.text("select display_name from public.transaction_categories where name = 'food'")
                == "Our food")
        #expect(
            try await session.text("select count(*)::text from public.transaction_categories where name = 'dining'")
                == "0")
        let again = try await SeedBench().apply(1)
        #expect(again.inserted == 0 && again.updated == 0)
    }

    @Test(.appDatabase) func `the estimate is within a fifth of what the rows take`() async throws {
        for scale in [2, 8] {
            let settings = try await ScratchDatabase.current.appCopy()
            let bench = SeedBench(settings)
            let session = try await ScratchDatabase.current.session(to: settings)
            let plan = try await bench.runner(scale).plan()
            let report = try await bench.apply(scale)
            let size = "select pg_database_size(current_database())::text"
            let grown = (Int64(try await session.text(size) ?? "") ?? 0) - plan.databaseBytes
            #expect(plan.rows == report.inserted)
            #expect(
                (grown * 8 / 10...grown * 12 / 10).contains(plan.addedBytes),
                "scale \(scale): estimated \(plan.addedBytes), taken \(grown)")
            #expect(try await bench.runner(scale).plan().addedBytes == 0)
        }
    }
}
