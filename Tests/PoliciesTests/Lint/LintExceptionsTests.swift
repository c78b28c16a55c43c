import Diagnostics
import PostgresClient
import PostgresTesting
import Testing

@testable import Policies

@Suite("Lint exceptions")
struct LintExceptionsTests {
    @Test func `a line is rule, object and reason; comments and empty lines are none`() throws {
        let exceptions = try LintExceptions(
            text: """
                # accepted
                rls_enabled_no_policy   public.jobs   only the worker uses it

                function_search_path_mutable public.f(timestamp with time zone,text) it is dropped next week
                rls_policy_always_true public.clicks/"anyone may add" a counter
                """, path: "e.txt")
        #expect(
            exceptions.entries.map(\.object) == [
                "public.jobs", "public.f(timestamp with time zone,text)", "public.clicks",
            ])
        #expect(exceptions.entries.map(\.policy) == [nil, nil, "anyone may add"])
        #expect(exceptions.entries.map(\.line) == [2, 4, 5])
        #expect(exceptions.entries[0].reason == "only the worker uses it")
    }

    @Test(
        arguments: [
            ("no_such_rule public.jobs because", "no rule is called"),
            ("rls_enabled_no_policy public.jobs", "no reason"),
            ("rls_enabled_no_policy", "no object"),
        ])
    func `a line that is none is refused with its place`(line: String, message: String) {
        let error = #expect(throws: LintExceptionsError.self) {
            try LintExceptions(text: "# one\n\(line)\n", path: "e.txt")
        }
        #expect(error?.span?.line == 2 && error?.summary.contains(message) == true)
        #expect(error?.failureClass == .usage)
    }

    @Test(.scratchDatabase, .tags(.server)) func `an accepted finding is counted, a line for nothing is told`()
        async throws
    {
        let sql =
            LintBench.ownTable() + """
                create policy one on public.notes for insert to authenticated with check (true);
                create policy two on public.notes for update to authenticated using (true);
                """
        let report = try await LintBench.lint(
            sql,
            exceptions: """
                rls_policy_always_true public.notes/"one" anybody may add
                rls_enabled_no_policy public.gone it was dropped
                """)
        #expect(report.objects("rls_policy_always_true") == ["public.notes/two"])
        #expect(report.excepted.map(\.finding.policy) == ["one"])
        #expect(report.excepted.map(\.reason) == ["anybody may add"])
        #expect(report.of("exception_unused").map(\.level) == [.info])
        #expect(report.of("exception_unused").first?.detail.contains("exceptions.txt:2") == true)
    }

    @Test(.scratchDatabase, .tags(.server)) func `an object without a policy accepts all of a rule on it`() async throws
    {
        let report = try await LintBench.lint(
            LintBench.ownTable() + """
                create policy one on public.notes for insert to authenticated with check (true);
                create policy two on public.notes for delete to authenticated using (true);
                """, exceptions: "rls_policy_always_true public.notes a scratch pad")
        #expect(report.objects("rls_policy_always_true") == [] && report.excepted.count >= 2)
    }
}
