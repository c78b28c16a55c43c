import Policies
import PostgresClient
import PostgresTesting
import Testing

@Suite("Lint: policy_exists_rls_disabled, rls_enabled_no_policy, rls_disabled_in_public", .tags(.server))
struct RLSSwitchLintTests {
    @Test(.scratchDatabase) func `policies that nobody asks, and the one fix for two findings`() async throws {
        let report = try await LintBench.lint(
            """
            create table public.notes (id int primary key, user_id uuid);
            create policy own on public.notes for select to authenticated using ((select auth.uid()) = user_id);
            """)
        #expect(report.objects("policy_exists_rls_disabled") == ["public.notes"])
        #expect(report.objects("rls_disabled_in_public") == ["public.notes"])
        let groups = report.groups.filter { $0.sql == ["alter table public.notes enable row level security;"] }
        #expect(groups.map { $0.rules.map(\.name) } == [["policy_exists_rls_disabled", "rls_disabled_in_public"]])
        #expect(groups.first?.findings.first?.reach.contains("anon may SELECT, INSERT, UPDATE, DELETE") == true)
        let cured = try await LintBench.cured(report, "rls_disabled_in_public")
        #expect(cured.objects("policy_exists_rls_disabled") + cured.objects("rls_disabled_in_public") == [])
    }

    @Test(.scratchDatabase) func `a table without policy is told as information`() async throws {
        let report = try await LintBench.lint(
            """
            create table public.jobs (id int primary key);
            alter table public.jobs enable row level security;
            revoke all on public.jobs from anon, authenticated;
            """)
        #expect(report.objects("rls_enabled_no_policy") == ["public.jobs"])
        #expect(report.of("rls_enabled_no_policy").first?.level == .info)
        #expect(
            report.of("rls_enabled_no_policy").first?.reach
                == "Not reachable today: anon and authenticated have no grant.")
        #expect(!report.isBad)
    }

    @Test(.scratchDatabase) func `a partitioned parent without row level security is found`() async throws {
        let report = try await LintBench.lint(
            """
            create table public.events (id int, at date) partition by range (at);
            create table public.events_2026 partition of public.events for values from ('2026-01-01') to ('2027-01-01');
            alter table public.events_2026 enable row level security;
            """)
        #expect(report.objects("rls_disabled_in_public") == ["public.events"])
        #expect(report.of("rls_disabled_in_public").first?.detail.contains("its partitions do not apply") == true)
    }

    @Test(.scratchDatabase) func `a schema that the API does not show, and one that it does`() async throws {
        let sql = """
            create schema xyz; grant usage on schema xyz to anon;
            create table xyz.bar (id int primary key); grant select on xyz.bar to anon;
            """
        #expect(try await LintBench.lint(sql).objects("rls_disabled_in_public") == [])
        let shown = try await LintBench.lint(schemas: ["public", "xyz"])
        #expect(shown.objects("rls_disabled_in_public") == ["xyz.bar"])
    }

    @Test(.scratchDatabase) func `a column grant reaches too`() async throws {
        let report = try await LintBench.lint(
            """
            create table public.notes (id int primary key, body text);
            revoke all on public.notes from anon, authenticated;
            grant update (body) on public.notes to anon;
            """)
        #expect(report.objects("rls_disabled_in_public") == ["public.notes"])
    }
}
