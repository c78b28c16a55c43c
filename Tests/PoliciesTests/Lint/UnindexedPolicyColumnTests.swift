import PostgresClient
import PostgresTesting
import Testing

@testable import Policies

@Suite("Lint: unindexed_policy_column", .tags(.server))
struct UnindexedPolicyColumnTests {
    private let rule = "unindexed_policy_column"
    private let tables = """
        create table public.posts (id int primary key, team_id int, user_id uuid, status text);
        create table public.members (team_id int, user_id uuid, primary key (team_id, user_id));
        alter table public.posts enable row level security;

        """

    @Test(.scratchDatabase) func `the column of an own-row policy needs an index, leading and whole`() async throws {
        let policy =
            "create policy own on public.posts for select to authenticated using ((select auth.uid()) = user_id);"
        let report = try await LintBench.lint(
            tables
                + "create index on public.posts (status, user_id); create index on public.posts (user_id) where id > 1;"
                + policy)
        #expect(report.of(rule).map(\.metadata["column"]) == [.text("user_id")])
        #expect(report.of(rule).first?.level == .info)
        #expect(report.of(rule).first?.sql == ["create index concurrently on public.posts (user_id);"])
        #expect(try await LintBench.cured(report, rule).objects(rule) == [])
    }

    @Test(.scratchDatabase) func `a large table makes it a warning`() async throws {
        let report = try await LintBench.lint(
            tables + """
                insert into public.posts select n, n, gen_random_uuid() from generate_series(1, 2000) n;
                create policy own on public.posts for select to authenticated using ((select auth.uid()) = user_id);
                analyze public.posts;
                """)
        #expect(report.of(rule).first?.level == .warning)
        #expect(report.of(rule).first?.detail.contains("about 2000 rows") == true)
    }

    @Test(.scratchDatabase) func `the tables that a policy looks into are asked as well`() async throws {
        let report = try await LintBench.lint(
            tables + """
                create policy team on public.posts for select to authenticated using (
                  team_id in (select m.team_id from public.members m where m.user_id = (select auth.uid())));
                """)
        #expect(
            report.of(rule).map(\.cacheKey) == [
                "unindexed_policy_column_public_posts_team_id", "unindexed_policy_column_public_members_user_id",
            ])
    }

    @Test(
        .scratchDatabase,
        arguments: [
            "id in (select m.team_id from public.members m where m.team_id = posts.id and m.user_id = auth.uid())",
            "status = 'approved'", "status = 'approved' and id = 3",
            "id = any (array(select m.team_id from public.members m where m.team_id = 1))",
        ])
    func `an index of another condition of the same branch, and constants, are enough`(condition: String) async throws {
        let report = try await LintBench.lint(
            tables + "create policy p on public.posts for select to authenticated using (\(condition));")
        #expect(report.of(rule).map(\.detail) == [], "\(condition)")
    }

    @Test(.scratchDatabase) func `each branch of OR needs its own`() async throws {
        let report = try await LintBench.lint(
            tables + """
                create index on public.posts (team_id);
                create policy p on public.posts for select to authenticated using (
                  user_id = (select auth.uid()) or team_id in (select 1));
                """)
        #expect(report.of(rule).map(\.metadata["column"]) == [.text("user_id")])
    }
}
