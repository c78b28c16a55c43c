import LocalPostgres
import Policies
import PostgresClient
import PostgresTesting
import Testing

@Suite("Lint: roles", .tags(.server))
struct RoleLintTests {
    @Test(.scratchDatabase) func `a role that a token can ask for is found with what it loses`() async throws {
        let report = try await LintBench.lintInTransaction(
            LintBench.ownTable() + """
                create role boss nologin; grant boss to authenticator;
                create policy own on public.notes for all to authenticated using ((select auth.uid()) = user_id);
                create policy bosses on public.notes for select to boss using (true);
                """)
        let found = try #require(report.of("jwt_role_not_api_role").first)
        #expect(found.object == "boss" && found.level == .error)
        #expect(found.detail.contains("makes the API run SET ROLE boss"))
        #expect(found.detail.contains("none of the 1 policy TO authenticated applies"))
        #expect(found.reach == "Reachable by every token whose role claim is \"boss\".")
        #expect(
            found.sql == [
                "alter policy bosses on public.notes to authenticated using ((select public.is_admin()));",
                "revoke boss from authenticator;",
            ])
        #expect(found.advice.contains("public.admin_users"))
    }

    @Test(.scratchDatabase) func `a policy for a role that no token can get is told so`() async throws {
        let report = try await LintBench.lintInTransaction(
            LintBench.ownTable() + """
                create role boss nologin;
                create policy bosses on public.notes for select to authenticated, boss using (is_public);
                """)
        let found = try #require(report.of("jwt_role_not_api_role").first)
        #expect(found.detail.contains("permission denied to set role \"boss\""))
        #expect(found.sql == ["alter policy bosses on public.notes to authenticated;"])
        #expect(found.reach.hasPrefix("Not reachable today"))
    }

    @Test(.scratchDatabase) func `Supabase's own roles and roles nobody names are no finding`() async throws {
        let report = try await LintBench.lintInTransaction(
            LintBench.ownTable() + """
                create role reporting nologin;
                create policy jobs on public.notes for select to service_role, dashboard_user using (true);
                """)
        #expect(report.objects("jwt_role_not_api_role").filter { $0 == "reporting" || $0.contains("_") } == [])
    }

    @Test(.scratchDatabase) func `a policy without TO is found, and anon keeps what it had`() async throws {
        let report = try await LintBench.lint(
            LintBench.ownTable() + """
                grant select on public.notes to anon;
                create policy own on public.notes for delete using ((select auth.uid()) = user_id);
                create policy everyone on public.notes for select using (true);
                create policy named on public.notes for update to authenticated using ((select auth.uid()) = user_id);
                """)
        #expect(report.objects("policy_without_role") == ["public.notes/everyone", "public.notes/own"])
        #expect(
            report.groups.first { $0.rules[0].name == "policy_without_role" }?.sql == [
                "alter policy everyone on public.notes to anon, authenticated;",
                "alter policy own on public.notes to authenticated;",
            ])
        #expect(try await LintBench.cured(report, "policy_without_role").objects("policy_without_role") == [])
    }

    @Test(.scratchDatabase(era: .apiRolesGetNone)) func `what default privileges leave behind is found and goes`()
        async throws
    {
        let rule = "api_role_can_truncate"
        let report = try await LintBench.lint("create table public.one (id int); create table public.two (id int);")
        #expect(report.objects(rule) == ["public.one", "public.two"])
        #expect(report.of(rule).first?.detail.contains("anon holds TRUNCATE, REFERENCES, TRIGGER") == true)
        #expect(report.groups.count { $0.rules[0].name == rule } == 1)
        _ = try await LintBench.cured(report, rule)
        #expect(try await LintBench.lint("create table public.three (id int);").objects(rule) == [])
        #expect(try await LintBench.lint("grant trigger on public.one to public;").objects(rule) == ["public.one"])
    }

    @Test(.scratchDatabase) func `rows that may be changed and not seen are found`() async throws {
        let rule = "update_without_select"
        let report = try await LintBench.lint(
            LintBench.ownTable() + LintBench.ownTable("seen") + """
                create policy change on public.notes for update to authenticated using ((select auth.uid()) = user_id);
                create policy change on public.seen for all to authenticated using ((select auth.uid()) = user_id);
                """)
        #expect(report.objects(rule) == ["public.notes/change"])
        #expect(report.of(rule).first?.detail.contains("answers 0 rows, and no error") == true)
        #expect(try await LintBench.cured(report, rule).objects(rule) == [])
    }
}
