import Policies
import PostgresClient
import PostgresTesting
import Testing

@Suite("Lint: auth_users_exposed", .tags(.server))
struct AuthUsersExposedTests {
    private let rule = "auth_users_exposed"

    @Test(.scratchDatabase) func `finds views with owner's rights and materialized views of auth.users`() async throws {
        let report = try await LintBench.lint(
            """
            create view public.people as select id, email from auth.users;
            create materialized view public.stored as select id, email from auth.users;
            """)
        #expect(report.objects(rule) == ["public.people", "public.stored"])
        #expect(report.of(rule).allSatisfy { $0.level == .error })
        #expect(report.of(rule).first?.metadata["exposed_to"] == .list(["anon", "authenticated"]))
        #expect(try await LintBench.cured(report, rule).objects(rule) == [])
    }

    @Test(.scratchDatabase) func `finds the way through a view of an unexposed schema`() async throws {
        let report = try await LintBench.lint(
            """
            create schema private;
            create view private.everybody as select id, email from auth.users;
            grant usage on schema private to anon; grant select on private.everybody to anon;
            create view public.people with (security_invoker = on) as select id from private.everybody;
            """)
        #expect(report.objects(rule) == ["public.people"])
        #expect(report.of(rule).first?.detail.contains("public.people → private.everybody → auth.users") == true)
    }

    @Test(.scratchDatabase) func `a view with the caller's rights is found while auth.users has no row level security`()
        async throws
    {
        let view = "create view public.people with (security_invoker = on) as select id from auth.users;"
        #expect(try await LintBench.lint(view).objects(rule) == [])
        let open = try await LintBench.lint("alter table auth.users disable row level security", asSuperuser: true)
        #expect(open.objects(rule) == ["public.people"])
    }

    @Test(.scratchDatabase) func `passes by what no user may select or no API shows`() async throws {
        let report = try await LintBench.lint(
            """
            create view public.people as select id from auth.users;
            revoke all on public.people from anon, authenticated;
            create schema private;
            create view private.people as select id from auth.users;
            """)
        #expect(report.objects(rule) == [])
    }
}
