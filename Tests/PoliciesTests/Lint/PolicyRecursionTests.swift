import Policies
import PostgresClient
import PostgresTesting
import PostgresTypes
import Testing

@Suite("Lint: policy_recursion", .tags(.server))
struct PolicyRecursionTests {
    private let rule = "policy_recursion"
    private let tables = LintBench.ownTable("trips") + LintBench.ownTable("members") + LintBench.ownTable("teams")

    @Test(.scratchDatabase) func `two tables that ask each other: the cycle and a cure that works`() async throws {
        let report = try await LintBench.lint(
            tables + """
                create policy "see trips" on public.trips for select to authenticated
                  using (exists (select from public.members m where m.id = trips.id and m.user_id = (select auth.uid())));
                create policy "see members" on public.members for select to authenticated
                  using (exists (select from public.trips t where t.id = members.id and t.user_id = (select auth.uid())));
                """)
        let found = try #require(report.of(rule).first)
        #expect(report.of(rule).count == 1)
        #expect(
            found.detail.contains(
                "public.members → policy \"see members\" reads public.trips → policy \"see trips\" reads public.members"
            ))
        #expect(found.detail.contains("42P17"))
        #expect(try await selects("trips") == "42P17")
        let cured = try await LintBench.cured(report, rule)
        #expect(cured.objects(rule) == [])
        #expect(try await selects("trips") == nil)
        #expect(try await selects("members") == nil)
    }

    @Test(.scratchDatabase) func `the cure lets the same rows through as the policy that was meant`() async throws {
        let alice = "00000000-0000-4000-8000-00000000a11c"
        let bob = "00000000-0000-4000-8000-000000000b0b"
        let report = try await LintBench.lint(
            tables + """
                insert into public.trips values (1, '\(alice)'), (2, '\(bob)'), (3, '\(bob)');
                insert into public.members values (1, '\(bob)'), (2, '\(alice)'), (3, '\(bob)');
                create policy t on public.trips for select to authenticated using (
                  user_id = (select auth.uid()) or id in (select m.id from public.members m where m.user_id = auth.uid()));
                create policy m on public.members for select to authenticated using (
                  (select t.user_id from public.trips t where t.id = members.id) = (select auth.uid()));
                """)
        _ = try await LintBench.cured(report, rule)
        let session = try await ScratchDatabase.current.session()
        func ids(_ table: String, as user: String) async throws -> [String?] {
            try await session.executeScript(
                "set role authenticated; select set_config('request.jwt.claims', '{\"sub\":\"\(user)\"}', false)")
            return try await session.query(Query(unsafeSQL: "select id from public.\(table) order by 1")).map { $0[0] }
        }
        #expect(try await ids("trips", as: alice) == ["1", "2"])
        #expect(try await ids("trips", as: bob) == ["1", "2", "3"])
        #expect(try await ids("members", as: alice) == ["1"])
        #expect(try await ids("members", as: bob) == ["2", "3"])
    }

    @Test(.scratchDatabase) func `a table that asks itself, three in a ring, and a function that runs as its caller`()
        async throws
    {
        let report = try await LintBench.lint(
            tables + LintBench.ownTable("admins") + """
                create policy self on public.admins for select to authenticated
                  using (exists (select from public.admins a where a.user_id = auth.uid()));
                create policy a on public.trips for select to authenticated using (id in (select id from public.members));
                create policy b on public.members for select to authenticated using (id in (select id from public.teams));
                create function public.in_trips(wanted bigint) returns boolean language sql stable set search_path = ''
                  as $$ select exists (select from public.trips where id = wanted) $$;
                create policy c on public.teams for select to authenticated using (public.in_trips(id));
                """)
        #expect(
            report.of(rule).map(\.metadata["cycle"]) == [
                .list(["public.admins"]), .list(["public.members", "public.teams", "public.trips"]),
            ])
        #expect(report.of(rule).last?.detail.contains("through public.in_trips() public.trips") == true)
        #expect(try await selects("admins") == "42P17")
    }

    @Test(.scratchDatabase) func `an UPDATE that leads back is found where SELECT alone does not fail`() async throws {
        let report = try await LintBench.lint(
            tables + """
                create policy a on public.trips for update to authenticated using (id in (select id from public.members));
                create policy b on public.trips for select to authenticated using (id in (select id from public.teams));
                create policy c on public.members for select to authenticated using (id in (select id from public.trips));
                create policy d on public.teams for select to authenticated using ((select auth.uid()) = user_id);
                """)
        let detail = report.of(rule).first?.detail ?? ""
        #expect(detail.contains("UPDATE on public.trips") && !detail.contains("SELECT on public.trips"))
        #expect(try await selects("trips") == nil)
        #expect(try await state("update public.trips set body = '' where id = 1") == "42P17")
    }

    @Test(.scratchDatabase) func `what a definer function, a definer view or a plain policy stops is no cycle`()
        async throws
    {
        let report = try await LintBench.lint(
            tables + LintBench.ownTable("plain") + """
                create function public.is_member(wanted bigint) returns boolean language sql stable security definer
                  set search_path = '' as $$ select exists (select from public.members where id = wanted) $$;
                create view public.team_list as select id from public.members;
                create policy a on public.trips for select to authenticated using (public.is_member(id));
                create policy b on public.members for select to authenticated using (id in (select id from public.trips));
                create policy c on public.teams for select to authenticated using (id in (select id from public.team_list));
                create policy d on public.plain for select to authenticated using (auth.uid() = user_id);
                create policy e on public.plain for update to authenticated using (id in (select id from public.plain));
                """)
        #expect(report.of(rule).map(\.detail) == [])
        for table in ["trips", "members", "teams", "plain"] { #expect(try await selects(table) == nil) }
        #expect(try await state("update public.plain set body = '' where id = 1") == nil)
    }

    @Test(.scratchDatabase)
    func `a sub-select without a table is one for the server's check, through a function it is not`()
        async throws
    {
        let report = try await LintBench.lint(
            tables + """
                create policy a on public.trips for select to authenticated using ((select auth.uid()) = user_id);
                create policy b on public.trips for update to authenticated using (id in (select id from public.trips));
                create function public.mine(wanted bigint) returns boolean language sql stable set search_path = ''
                  as $$ select exists (select from public.teams where id = wanted) $$;
                create policy c on public.teams for select to authenticated using ((select auth.uid()) = user_id);
                create policy d on public.teams for update to authenticated using (public.mine(id));
                """)
        #expect(report.of(rule).map(\.metadata["cycle"]) == [.list(["public.trips"])])
        #expect(try await state("update public.trips set body = '' where id = 1") == "42P17")
        #expect(try await state("update public.teams set body = '' where id = 1") == nil)
    }

    private func selects(_ table: String) async throws -> String? { try await state("select id from public.\(table)") }

    /// The SQLSTATE of a statement as authenticated; `nil` when it runs.
    private func state(_ sql: String) async throws -> String? {
        let session = try await ScratchDatabase.current.session()
        try await session.executeScript("set role authenticated")
        do throws(PostgresError) {
            _ = try await session.query(Query(unsafeSQL: sql))
            return nil
        } catch {
            return error.sqlState?.code
        }
    }
}
