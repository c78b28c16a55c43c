import Policies
import PostgresClient
import PostgresTesting
import PostgresTypes
import Testing

/// What went wrong in the app, planted in its own schema: the message alone has to be enough at 3 a.m.
@Suite("Three disasters of the app", .tags(.server))
struct ThreeDisastersTests {
    @Test(.appDatabase) func `group_trips and its participants ask each other: the cycle, and SQL that ends it`()
        async throws
    {
        let report = try await LintBench.lint(
            """
            create policy "trip members see trips" on public.group_trips for select to authenticated using (
              created_by = (select auth.uid()) or exists (select 1 from public.group_trip_participants p
                where p.trip_id = group_trips.id and p.user_id = (select auth.uid())));
            create policy "see fellow travellers" on public.group_trip_participants for select to authenticated using (
              user_id = (select auth.uid()) or exists (select 1 from public.group_trips t
                where t.id = group_trip_participants.trip_id and t.created_by = (select auth.uid())));
            """)
        let found = try #require(report.of("policy_recursion").first)
        #expect(report.of("policy_recursion").count == 1 && found.level == .error)
        #expect(
            found.detail.contains(
                "public.group_trip_participants → policy \"see fellow travellers\" reads public.group_trips → policy"
                    + " \"trip members see trips\" reads public.group_trip_participants"))
        #expect(found.detail.contains("42P17, infinite recursion detected in policy"))
        #expect(found.detail.contains("SELECT on public.group_trips"))
        #expect(found.reach.contains("authenticated may SELECT"))
        #expect(found.sql.contains { $0.contains("security definer set search_path = ''") })
        #expect(
            found.sql.contains(
                "revoke execute on function private.group_trips_asks_group_trip_participants(uuid) from public;"))
        #expect(try await state("select id from public.group_trips") == "42P17")
        let matrix = try await Self.matrix()
        #expect(matrix["public.group_trips", "authenticated", .select]?.text == "ERROR(42P17)")
        _ = try await LintBench.cured(report, "policy_recursion")
        #expect(try await state("select id from public.group_trips") == nil)
        #expect(try await state("select id from public.group_trip_participants") == nil)
        #expect(try await Self.matrix().errors.filter { $0.relation.contains("group_trip") } == [])
    }

    @Test(.appDatabase) func `is_admin reads profiles.role, and everybody writes their own profile`() async throws {
        let session = try await ScratchDatabase.current.session()
        let report = try await LintBench.lint(
            """
            create or replace function public.is_admin() returns boolean language sql stable security definer
            set search_path = '' as $$
              select exists (select 1 from public.profiles where id = auth.uid() and role = 'admin');
            $$;
            create policy "own profile" on public.profiles for all to authenticated
              using ((select auth.uid()) = id) with check ((select auth.uid()) = id);
            create policy "admins see all" on public.admin_users for select to authenticated
              using ((select public.is_admin()));
            """)
        let found = try #require(
            report.of("privilege_column_writable").first { $0.metadata["column"] == .text("role") })
        #expect(found.object == "public.profiles" && found.level == .error)
        #expect(found.detail.contains("Users can give themselves a right by column public.profiles.role"))
        #expect(found.detail.contains("function public.is_admin() trusts profiles.role to be 'admin'"))
        #expect(found.detail.contains("authenticated may UPDATE it (policy \"own profile\")"))
        #expect(found.sql.first == "revoke update on public.profiles from authenticated;")
        #expect(found.sql.contains { $0.hasPrefix("grant update (id, email, full_name") && !$0.contains("role") })
        // The hole is real, and closed by what the finding prints.
        let user = "00000000-0000-4000-8000-00000000ab1e"
        try await ScratchDatabase.current.superuserSession().executeScript(
            "insert into auth.users (id, email) values ('\(user)', 'able@example.com') on conflict do nothing")
        try await session.executeScript("insert into public.profiles (id) values ('\(user)') on conflict do nothing")
        let escalate = "update public.profiles set role = 'admin' where id = '\(user)'"
        #expect(try await state(escalate, as: user) == nil)
        #expect(try await Self.asks("select public.is_admin()", as: user) == "t")
        try await session.executeScript("update public.profiles set role = 'user'")
        _ = try await LintBench.cured(report, "privilege_column_writable")
        #expect(try await state(escalate, as: user) == "42501")
    }

    @Test(.appDatabase) func `a JWT role admin: what stops applying, and what to do instead`() async throws {
        let report = try await LintBench.lintInTransaction(
            """
            create role admin nologin;
            grant admin to authenticator;
            create policy "own trips" on public.user_trips for all to authenticated
              using ((select auth.uid()) = user_id) with check ((select auth.uid()) = user_id);
            create policy "admins see trips" on public.user_trips for select to admin using (true);
            """)
        let found = try #require(report.of("jwt_role_not_api_role").first { $0.object == "admin" })
        #expect(found.level == .error)
        #expect(found.detail.contains("a token with \"role\": \"admin\" makes the API run SET ROLE admin"))
        #expect(
            found.detail.contains("none of the 1 policy TO authenticated applies: such a user loses their own rows"))
        #expect(found.detail.contains("1 policy (on public.user_trips) is written TO admin"))
        #expect(found.advice.contains("public.admin_users") && found.advice.contains("public.is_admin()"))
        #expect(
            found.sql == [
                "alter policy \"admins see trips\" on public.user_trips to authenticated using ((select public.is_admin()));",
                "revoke admin from authenticator;",
            ])
    }

    private static func matrix() async throws -> AccessMatrix {
        try await AccessMatrix.read(in: try await ScratchDatabase.current.session())
    }

    private static func asks(_ sql: String, as user: String) async throws -> String? {
        let session = try await ScratchDatabase.current.session()
        try await session.executeScript(
            "select set_config('request.jwt.claims', '{\"sub\":\"\(user)\"}', false); set role authenticated")
        return try await session.query(Query(unsafeSQL: sql)).first?[0]
    }

    /// The SQLSTATE of a statement as a signed-in user; `nil` when it runs.
    private func state(_ sql: String, as user: String = "00000000-0000-4000-8000-000000000001") async throws -> String?
    {
        let session = try await ScratchDatabase.current.session()
        try await session.executeScript(
            "select set_config('request.jwt.claims', '{\"sub\":\"\(user)\"}', false); set role authenticated")
        do throws(PostgresError) {
            _ = try await session.query(Query(unsafeSQL: sql))
            return nil
        } catch {
            return error.sqlState?.code
        }
    }
}
