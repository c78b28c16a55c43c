import Diagnostics
import PostgresClient
import PostgresTesting
import Testing

@testable import Seeding

@Suite("Removing the seed", .tags(.server))
struct SeedRemovalTests {
    @Test(.appDatabase) func `clear removes what was made and reports it; a second one finds nothing`() async throws {
        let bench = try SeedBench()
        let session = try await ScratchDatabase.current.session()
        try await session.executeScript(SeedApplyTests.realRows)
        let before = try await SeedBench.digests(session)
        let applied = try await bench.apply(2)
        let report = try await bench.runner(1).clear()
        #expect(report.removed == applied.inserted)
        #expect(report.findings.isEmpty)
        #expect(report.tables.first?.name == "auth.users" && report.tables.first?.removed == 50)
        #expect(try await SeedBench.digests(session) == before)
        #expect(try await bench.runner(1).clear().removed == 0)
        #expect(try await bench.apply(2).inserted == applied.inserted)
    }

    /// A person who commented on a seeded post, and a row entered while signed in as a seeded account.
    private static let dependents = """
        insert into auth.users (id, email) values (gen_random_uuid(), 'dev@wheels.test');
        insert into public.post_comments (post_id, user_id, content)
          select p.id, u.id, 'Hello' from public.social_posts p, auth.users u where u.email = 'dev@wheels.test' limit 1;
        insert into public.calendar_events (user_id, title, start_date, end_date)
          select id, 'Mine', now(), now() from auth.users where email = 'traveller0002@seed.example';
        """

    @Test(.appDatabase) func `rows of others that refer to seeded ones stop it until they may go too`() async throws {
        let bench = try SeedBench()
        let session = try await ScratchDatabase.current.session()
        let applied = try await bench.apply(1)
        try await session.executeScript(Self.dependents)
        let error = await #expect(throws: SeedError.self) { _ = try await bench.runner(1).clear() }
        #expect(error?.code == "seed.dependents" && error?.failureClass == .refused)
        #expect(error?.findings.compactMap(\.subject).sorted() == ["public.calendar_events", "public.post_comments"])
        let again = try await bench.apply(1)
        #expect(again.unchanged == applied.inserted, "the comment of a person still counts")
        let report = try await bench.runner(1) { $0.removesDependents = true }.clear()
        #expect(report.removed == applied.inserted && report.findings.count == 2)
        #expect(try await session.texts("select email from auth.users") == ["dev@wheels.test"])
        #expect(try await session.text("select count(*)::text from public.profiles") == "1")
        #expect(try await session.text("select count(*)::text from public.post_comments") == "0")
    }

    @Test(.appDatabase) func `prune is stopped by rows of others too, and leaves everything as it was`() async throws {
        let bench = try SeedBench()
        let session = try await ScratchDatabase.current.session()
        _ = try await bench.apply(2)
        try await session.executeScript(
            """
            insert into public.calendar_events (user_id, title, start_date, end_date)
              select id, 'Mine', now(), now() from auth.users where email = 'traveller0040@seed.example';
            """)
        let rows = try await SeedBench.digests(session)
        let error = try await bench.failure(1) { $0.prunes = true }
        #expect(error.code == "seed.dependents")
        #expect(error.remedy?.command == "wheels-db seed apply --scale 1 --prune --cascade")
        #expect(try await SeedBench.digests(session) == rows)
        let pruned = try await bench.apply(1) {
            $0.prunes = true
            $0.removesDependents = true
        }
        #expect(pruned.removed > 0)
        #expect(try await session.text("select count(*)::text from auth.users") == "25")
    }

    @Test(.appDatabase) func `files of seeded accounts stay, and clear says so`() async throws {
        let bench = try SeedBench()
        _ = try await bench.apply(1)
        let admin = try await ScratchDatabase.current.superuserSession()
        try await admin.executeScript(
            """
            insert into storage.objects (bucket_id, name, owner_id)
              select 'avatars', id || '/me.png', id::text from auth.users where email = 'traveller0001@seed.example';
            insert into storage.objects (bucket_id, name, owner_id) values ('avatars', 'x/y.png', gen_random_uuid()::text);
            """)
        let report = try await bench.runner(1).clear()
        #expect(report.findings.map(\.code) == ["seed.files-stay"])
        #expect(report.findings.first?.message.contains("1 file ") == true)
        #expect(try await admin.text("select count(*)::text from storage.objects") == "2")
    }
}
