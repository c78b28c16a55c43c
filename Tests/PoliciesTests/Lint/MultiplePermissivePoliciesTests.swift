import Policies
import PostgresClient
import PostgresTesting
import Testing

@Suite("Lint: multiple_permissive_policies", .tags(.server))
struct MultiplePermissivePoliciesTests {
    private let rule = "multiple_permissive_policies"

    @Test(.scratchDatabase) func `ALL overlaps with the policy of one command`() async throws {
        let report = try await LintBench.lint(
            LintBench.ownTable() + """
                create policy all_own on public.notes for all to authenticated using ((select auth.uid()) = user_id);
                create policy select_public on public.notes for select to authenticated using (is_public);
                """)
        #expect(report.of(rule).map(\.cacheKey) == ["multiple_permissive_policies_public_notes_authenticated_SELECT"])
        #expect(report.of(rule).first?.detail.contains("\"all_own\", \"select_public\"") == true)
        let cured = try await LintBench.cured(report, rule)
        #expect(cured.objects(rule) == [])
        let session = try await ScratchDatabase.current.session()
        let rows = try await session.query("select cmd, qual from pg_policies where tablename = 'notes' order by cmd")
        #expect(rows.map { $0[0] } == ["DELETE", "INSERT", "SELECT", "UPDATE"])
        #expect(rows.first { $0[0] == "SELECT" }?[1]?.contains("OR") == true)
    }

    @Test(.scratchDatabase) func `a policy of PUBLIC counts for each role`() async throws {
        let report = try await LintBench.lint(
            LintBench.ownTable() + """
                create policy one on public.notes for select using (is_public);
                create policy two on public.notes for select to anon using (false);
                """)
        #expect(report.of(rule).map(\.metadata["role"]) == [.text("anon")])
    }

    @Test(.scratchDatabase) func `restrictive policies, other commands and other roles do not count`() async throws {
        let report = try await LintBench.lint(
            LintBench.ownTable() + """
                create policy one on public.notes for select to authenticated using (is_public);
                create policy two on public.notes for insert to authenticated with check (is_public);
                create policy three on public.notes for select to anon using (is_public);
                create policy four on public.notes as restrictive for select to authenticated using (body <> '');
                """)
        #expect(report.objects(rule) == [])
    }
}
