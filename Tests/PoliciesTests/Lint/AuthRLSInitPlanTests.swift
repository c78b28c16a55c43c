import Policies
import PostgresClient
import PostgresTesting
import Testing

@Suite("Lint: auth_rls_initplan", .tags(.server))
struct AuthRLSInitPlanTests {
    private let rule = "auth_rls_initplan"
    private let table = """
        create table public.foo (id int primary key, user_id uuid, owner uuid, jwt jsonb, role text, email text);
        alter table public.foo enable row level security;

        """

    @Test(.scratchDatabase) func `finds each of the four functions and current_setting, not their wrapped forms`()
        async throws
    {
        let report = try await LintBench.lint(
            table + """
                create policy bad_uid on public.foo for select to authenticated using (user_id = auth.uid());
                create policy bad_jwt on public.foo for insert to authenticated with check (jwt = auth.jwt());
                create policy bad_role on public.foo for update to authenticated with check (role = auth.role());
                create policy bad_email on public.foo for delete to authenticated using (email = auth.email());
                create policy bad_set on public.foo for select to authenticated
                  using (role = current_setting('app.role', true));
                create policy good_uid on public.foo for select to authenticated using (user_id = (select auth.uid()));
                create policy good_jwt on public.foo for insert to authenticated with check (jwt = (select auth.jwt()));
                """)
        #expect(
            report.objects(rule) == [
                "public.foo/bad_email", "public.foo/bad_jwt", "public.foo/bad_role", "public.foo/bad_set",
                "public.foo/bad_uid",
            ])
        #expect(report.of(rule).last?.cacheKey == "auth_rls_init_plan_public_foo_bad_uid")
        #expect(report.groups.count { $0.rules.map(\.name) == [rule] } == 1)
    }

    @Test(.scratchDatabase) func `one wrapped call does not hide a bare one`() async throws {
        let report = try await LintBench.lint(
            table + """
                create policy mixed on public.foo for select to authenticated
                  using (user_id = (select auth.uid()) or owner = auth.uid());
                """)
        #expect(report.objects(rule) == ["public.foo/mixed"])
        #expect(
            report.of(rule).first?.sql == [
                "alter policy mixed on public.foo using (((user_id = ( SELECT auth.uid() AS uid)) OR (owner = (select"
                    + " auth.uid()))));"
            ])
        #expect(try await LintBench.cured(report, rule).objects(rule) == [])
    }

    @Test(.scratchDatabase) func `Supabase's documented MFA policy is no finding`() async throws {
        let report = try await LintBench.lint(
            table + """
                create policy mfa on public.foo as restrictive to authenticated
                  using ((select auth.jwt()->>'aal') = 'aal2');
                """)
        #expect(report.objects(rule) == [])
    }

    @Test(.scratchDatabase) func `a call within another query is found, and the cure is a policy again`() async throws {
        let report = try await LintBench.lint(
            table + """
                create table public.members (foo_id int, user_id uuid);
                create policy member on public.foo for select to authenticated using (
                  exists (select from public.members m where m.foo_id = foo.id and m.user_id = auth.uid()));
                """)
        #expect(report.objects(rule) == ["public.foo/member"])
        #expect(try await LintBench.cured(report, rule).objects(rule) == [])
    }

    @Test(.scratchDatabase) func `a stable function of the project is found where it gets no column of the row`()
        async throws
    {
        let report = try await LintBench.lint(
            table + """
                create function public.has_role(wanted text) returns boolean language sql stable set search_path = ''
                  as $$ select auth.role() = wanted $$;
                create policy bare on public.foo for select to authenticated using (public.has_role('staff'));
                create policy of_row on public.foo for insert to authenticated with check (public.has_role(role));
                create policy wrapped on public.foo for delete to authenticated
                  using ((select public.has_role('staff')));
                """)
        #expect(report.objects(rule) == ["public.foo/bare"])
    }

    @Test(.scratchDatabase) func `nothing is found while row level security is off`() async throws {
        let report = try await LintBench.lint(
            """
            create table public.foo (id int primary key, user_id uuid);
            create policy bare on public.foo for select to authenticated using (user_id = auth.uid());
            """)
        #expect(report.objects(rule) == [])
    }
}
