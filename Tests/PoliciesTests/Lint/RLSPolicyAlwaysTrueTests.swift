import Policies
import PostgresClient
import PostgresTesting
import Testing

@Suite("Lint: rls_policy_always_true", .tags(.server))
struct RLSPolicyAlwaysTrueTests {
    private let rule = "rls_policy_always_true"

    /// The advisor's own cases, and what a search for texts misses.
    @Test(
        .scratchDatabase,
        arguments: [
            ("for update to authenticated using (true)", true),
            ("for delete to authenticated using (true)", true),
            ("for all to authenticated using (true)", true),
            ("for insert to authenticated with check (true)", true),
            ("for insert to authenticated with check (1=1)", true),
            ("for update to authenticated using ((select auth.uid()) = user_id) with check (true)", true),
            ("for update to authenticated using (  TRUE  )", true),
            ("for update to anon using (true)", true),
            ("for update using (true)", true),
            ("for insert to authenticated", true),
            ("for all to authenticated using (true or false)", true),
            ("for select to authenticated using (id = id)", true),
            ("for select to authenticated using (coalesce(true, false))", true),
            ("for delete to authenticated using (body is null or true)", true),
            ("for delete to authenticated using (id is not null)", true),
            ("for delete to authenticated using (case when true then true else is_public end)", true),
            ("for update to authenticated using (auth.uid() is not null)", true),
            ("for insert to authenticated with check ((select auth.role()) = 'authenticated')", true),
            ("for delete to authenticated using (auth.role() = any (array['anon', 'authenticated']))", true),
            ("for select to authenticated using (true)", false),
            ("for select to authenticated using (1 = 1)", false),
            ("for select to authenticated using (auth.uid() is not null)", false),
            ("as restrictive for update to authenticated using (true)", false),
            ("for update to service_role using (true)", false),
            ("for update to authenticated using (user_id = (select auth.uid()))", false),
            ("for all to authenticated using (user_id = (select auth.uid()))", false),
            ("for delete to authenticated using (auth.role() = 'service_role')", false),
            ("for delete to authenticated using (body is not null)", false),
            ("for delete to authenticated using (true and is_public)", false),
            ("for insert to anon with check (auth.uid() is not null)", false),
        ])
    func `a policy that refuses nothing`(policy: String, isFound: Bool) async throws {
        let report = try await LintBench.lint(
            LintBench.ownTable() + "create policy probed on public.notes \(policy);")
        #expect(report.objects(rule) == (isFound ? ["public.notes/probed"] : []), "\(policy)")
    }

    @Test(.scratchDatabase) func `both clauses are told, and the table without row level security is passed by`()
        async throws
    {
        let report = try await LintBench.lint(
            LintBench.ownTable() + """
                create policy pair on public.notes for update to authenticated using (true) with check (true);
                create table public.opened (id int);
                create policy p on public.opened for update to authenticated using (true);
                """)
        #expect(report.objects(rule) == ["public.notes/pair"])
        let found = report.of(rule).first
        #expect(found?.metadata["permissive_using"] == .flag(true))
        #expect(found?.metadata["permissive_with_check"] == .flag(true))
        #expect(found?.cacheKey == "rls_policy_always_true_public_notes_pair")
        #expect(found?.detail.contains("USING (true), WITH CHECK (true)") == true)
    }

    @Test(.scratchDatabase) func `an INSERT policy without WITH CHECK lets no row through, and the finding says so`()
        async throws
    {
        let report = try await LintBench.lint(
            LintBench.ownTable() + "create policy empty on public.notes for insert to authenticated;")
        #expect(report.of(rule).first?.detail.contains("PostgreSQL lets no row through") == true)
        let session = try await ScratchDatabase.current.session()
        try await session.executeScript("set role authenticated")
        await #expect(throws: (any Error).self) {
            try await session.executeScript(
                "insert into public.notes values (1, '00000000-0000-4000-8000-000000000001')")
        }
    }
}
