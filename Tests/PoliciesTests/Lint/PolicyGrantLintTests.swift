import Policies
import PostgresClient
import PostgresTesting
import PostgresTypes
import Testing

@Suite("Lint: policies that fail for everybody", .tags(.server))
struct PolicyGrantLintTests {
    private let staff = """
        create policy own on public.notes for select to authenticated using ((select auth.uid()) = user_id);
        create policy staff on public.notes for delete to authenticated using (exists (
          select from auth.users u where u.id = notes.user_id and u.email like '%@example.com'));

        """

    @Test(.scratchDatabase) func `a policy that reads auth.users is found, and its cure works`() async throws {
        let report = try await LintBench.lint(LintBench.ownTable() + staff)
        #expect(report.objects("policy_reads_auth_users") == ["public.notes/staff"])
        let detail = report.of("policy_reads_auth_users").first?.detail ?? ""
        #expect(detail.contains("42501 permission denied for table users"))
        #expect(try await deletes() == "42501")
        let cured = try await LintBench.cured(report, "policy_reads_auth_users")
        #expect(cured.objects("policy_reads_auth_users") == [])
        #expect(try await deletes() == nil)
    }

    @Test(.scratchDatabase) func `through a function that runs as its caller it is found, through a definer it is not`()
        async throws
    {
        let report = try await LintBench.lint(
            LintBench.ownTable() + """
                create function public.as_caller() returns boolean language sql stable set search_path = ''
                  as $$ select exists (select from auth.users where id = auth.uid()) $$;
                create function public.as_owner() returns boolean language sql stable security definer
                  set search_path = '' as $$ select exists (select from auth.users where id = auth.uid()) $$;
                create policy one on public.notes for select to authenticated using ((select public.as_caller()));
                create policy two on public.notes for delete to authenticated using ((select public.as_owner()));
                """)
        #expect(report.objects("policy_reads_auth_users") == ["public.notes/one"])
        #expect(report.of("policy_reads_auth_users").first?.detail.contains("through public.as_caller()") == true)
    }

    @Test(.scratchDatabase) func `a table that is not granted, and a function that may not be executed, are found`()
        async throws
    {
        let report = try await LintBench.lint(
            LintBench.ownTable() + """
                create table public.teams (id bigint primary key, user_id uuid);
                revoke all on public.teams from anon, authenticated;
                create function public.allowed() returns boolean language sql stable set search_path = ''
                  as $$ select true $$;
                revoke execute on function public.allowed() from public, anon, authenticated;
                create policy team on public.notes for select to authenticated
                  using (id in (select t.id from public.teams t where t.user_id = (select auth.uid())));
                create policy asks on public.notes for delete to authenticated using ((select public.allowed()));
                """)
        #expect(report.objects("policy_needs_missing_grant") == ["public.notes/asks", "public.notes/team"])
        let cured = try await LintBench.cured(report, "policy_needs_missing_grant")
        #expect(cured.objects("policy_needs_missing_grant") == [])
        #expect(try await deletes() == nil)
    }

    @Test(.scratchDatabase) func `what the role may read is no finding`() async throws {
        let report = try await LintBench.lint(
            LintBench.ownTable() + LintBench.ownTable("teams") + """
                create policy team on public.notes for select to authenticated
                  using (id in (select t.id from public.teams t where t.user_id = (select auth.uid())));
                create policy own on public.teams for select to authenticated using ((select auth.uid()) = user_id);
                """)
        #expect(report.objects("policy_needs_missing_grant") + report.objects("policy_reads_auth_users") == [])
    }

    /// The SQLSTATE of a DELETE as authenticated; `nil` when it runs.
    private func deletes() async throws -> String? {
        let session = try await ScratchDatabase.current.session()
        try await session.executeScript("set role authenticated")
        do throws(PostgresError) {
            try await session.execute("delete from public.notes where id is not null")
            return nil
        } catch {
            return error.sqlState?.code
        }
    }
}
