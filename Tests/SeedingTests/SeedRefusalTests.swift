import CatalogInspection
import Diagnostics
import LocalPostgres
import PostgresClient
import PostgresTesting
import Testing

@testable import Seeding

@Suite("What seeding refuses", .tags(.server))
struct SeedRefusalTests {
    /// A run as against a remote environment.
    private func failure(_ change: (inout SeedOptions) -> Void = { _ in }) async throws -> SeedError {
        try await SeedBench().failure {
            $0.place = SeedOptions.Place()
            $0.place.name = "staging_db"
            change(&$0)
        }
    }

    private func mark(ref: String? = nil) async throws {
        let session = try await ScratchDatabase.current.session()
        let identity = try await ProjectIdentity.read(in: session, ref: ref)
        try await EnvironmentMark.write("staging", identity: identity, in: session)
    }

    private func expectNothing() async throws {
        let session = try await ScratchDatabase.current.superuserSession()
        #expect(try await session.text("select count(*)::text from public.system_settings") == "0")
        #expect(
            try await session.text("select count(*)::text from auth.users where email like '%@seed.example'") == "0")
        #expect(try await session.text("select last_value::text from public.expenses_id_seq") == "1")
    }

    @Test(.appDatabase) func `a database without a mark`() async throws {
        let error = try await failure { $0.place.environment = "staging" }
        #expect(error.code == "seed.refused" && error.failureClass == .refused)
        #expect(error.findings.map(\.code) == ["production.unmarked"])
        #expect(error.remedy?.command == "wheels-db env mark staging --env staging")
        try await expectNothing()
        try await mark()
        _ = try await SeedBench().apply(1) { $0.place = SeedOptions.Place() }
    }

    @Test(.appDatabase) func `a protected environment, marked or not, whatever is allowed`() async throws {
        try await mark()
        let error = try await failure {
            $0.place.protectedEnvironment = "production"
            $0.allowsRealUsers = true
        }
        #expect(error.findings.map(\.code) == ["production.protected"])
        try await expectNothing()
    }

    @Test(.appDatabase) func `a database where people signed in, unless that is allowed`() async throws {
        try await mark()
        let admin = try await ScratchDatabase.current.superuserSession()
        try await admin.executeScript(
            "insert into auth.users (id, email, last_sign_in_at) values (gen_random_uuid(), 'someone@mail.test', now() - interval '2 days')"
        )
        let error = try await failure()
        #expect(error.findings.map(\.code) == ["production.recent-sign-ins"])
        #expect(error.findings.first?.message.contains("1 person") == true)
        #expect(error.remedy?.command == "wheels-db seed apply --allow-real-users --confirm staging_db")
        try await expectNothing()
        let report = try await SeedBench().apply(1) {
            $0.place = SeedOptions.Place()
            $0.allowsRealUsers = true
        }
        #expect(report.inserted > 0)
        #expect(try await admin.text("select count(*)::text from auth.users where email = 'someone@mail.test'") == "1")
    }

    @Test(.appDatabase) func `a database with many accounts; seeded ones and a team's own do not count`() async throws {
        try await mark()
        let admin = try await ScratchDatabase.current.superuserSession()
        try await admin.executeScript(
            "insert into auth.users (id, email) select gen_random_uuid(), 'p' || n || '@mail.test' from generate_series(1, 20) n"
        )
        let bench = try SeedBench()
        _ = try await bench.apply(2) { $0.place = SeedOptions.Place() }
        #expect(try await bench.apply(2) { $0.place = SeedOptions.Place() }.inserted == 0)
        try await admin.executeScript("insert into auth.users (id, email) values (gen_random_uuid(), 'p21@mail.test')")
        let error = try await failure()
        #expect(error.findings.map(\.code) == ["production.many-accounts"])
    }

    @Test(.appDatabase) func `a mark that a copy of another database brought along`() async throws {
        let session = try await ScratchDatabase.current.session()
        try await mark(ref: "abcdefghijklmnopqrst")
        let other = try await failure { $0.place.ref = "tsrqponmlkjihgfedcba" }
        #expect(other.findings.map(\.code) == ["production.mark-from-elsewhere"])
        #expect(other.findings.first?.message.contains("abcdefghijklmnopqrst") == true)
        _ = try await failure { $0.place.ref = nil }
        try await session.executeScript("update wheels_migrations.environment set system_identifier = '1'")
        let restored = try await failure { $0.place.ref = "abcdefghijklmnopqrst" }
        #expect(restored.findings.map(\.code) == ["production.mark-from-elsewhere"])
        try await expectNothing()
        // A database copied within the server keeps identifier and ref.
        let source = try await ScratchDatabase.current.appCopy()
        let marking = try await Session.connect(to: source)
        let identity = try await ProjectIdentity.read(in: marking, ref: nil)
        try await EnvironmentMark.write("staging", identity: identity, in: marking)
        await marking.close()
        let copy = try await ScratchDatabase.current.copy(of: source.database ?? "")
        do {
            _ = try await SeedBench(copy).apply(1) { $0.place = SeedOptions.Place() }
            Issue.record("The mark counts in a copy")
        } catch let error as SeedError {
            #expect(error.findings.map(\.code) == ["production.mark-from-elsewhere"])
        }
    }

    @Test(.appDatabase) func `rows that would not fit the plan`() async throws {
        let error = try await SeedBench().failure(50) { $0.limitBytes = 40_000_000 }
        #expect(error.code == "seed.too-large" && error.failureClass == .outOfSpace)
        #expect(error.summary.contains("40 MB") && error.summary.contains("Scale 50"))
        try await expectNothing()
    }

    @Test(.appDatabase) func `a second run at the same time, and says who holds the lock`() async throws {
        let holder = try await ScratchDatabase.current.session()
        try await holder.executeScript("begin; select pg_advisory_xact_lock(\(SeedLock.key))")
        let error = try await SeedBench().failure()
        #expect(error.code == "seed.locked" && error.failureClass == .locked)
        #expect(error.summary.contains("wheels-db/test") && error.summary.contains("role postgres"), "\(error.summary)")
        try await holder.executeScript("rollback")
        try await expectNothing()
    }

    @Test(.appDatabase) func `a schema that is not the one that is seeded`() async throws {
        let session = try await ScratchDatabase.current.session()
        try await session.executeScript(
            """
            drop table public.support_tickets;
            alter table public.health_check drop column details;
            alter table public.expenses add column receipt text not null;
            create table public.letters (id int primary key);
            """)
        let error = try await SeedBench().failure()
        #expect(error.code == "seed.schema-differs")
        #expect(
            Set(error.findings.map(\.code)) == ["seed.table-missing", "seed.column-missing", "seed.column-unfilled"])
        try await expectNothing()
        let plan = try await SeedBench().runner(1).plan()
        #expect(plan.findings.contains { $0.code == "seed.table-unseeded" && $0.subject == "public.letters" })
        #expect(plan.obstacles.count == 3)
    }

    @Test(.appDatabase) func `a sequence that stands among the seed's numbers`() async throws {
        let session = try await ScratchDatabase.current.session()
        try await session.executeScript("select setval('public.expenses_id_seq', \(SeedIdentity.firstNumber + 5))")
        let error = try await SeedBench().failure()
        #expect(error.code == "seed.sequence-in-range" && error.failureClass == .refused)
        #expect(try await session.text("select count(*)::text from public.system_settings") == "0")
    }

    @Test(.appDatabase) func `a role that may not keep triggers from running`() async throws {
        let settings = try ScratchDatabase.current.settings(as: "service_role")
        await #expect(throws: PostgresError.self) { _ = try await SeedBench(settings).apply(1) }
        try await expectNothing()
    }

    @Test(.appDatabase) func `a row that breaks a key of others: all tables stay as they were`() async throws {
        let admin = try await ScratchDatabase.current.superuserSession()
        try await admin.executeScript(
            """
            insert into auth.users (id, email) values (gen_random_uuid(), 'dev@wheels.test');
            insert into public.vehicles (user_id, name, vin) select id, 'Ours', '5EEDVIN0000000200' from auth.users;
            insert into public.vehicles (user_id, name, vin) select id, 'Ours', '5EEDVIN0000000070' from auth.users;
            """)
        let error = try await SeedBench().failure()
        #expect(error.code == "seed.failed" && error.summary.contains("public.vehicles"), "\(error)")
        #expect(error.remedy?.sentence.contains("same key") == true)
        try await expectNothing()
    }
}
