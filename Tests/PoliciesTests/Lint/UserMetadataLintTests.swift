import Policies
import PostgresClient
import PostgresTesting
import Testing

@Suite("Lint: user metadata", .tags(.server))
struct UserMetadataLintTests {
    @Test(.scratchDatabase) func `user_metadata of the token is found by whichever way it is read`() async throws {
        let report = try await LintBench.lint(
            LintBench.ownTable() + """
                create policy one on public.notes for select to authenticated
                  using (((select auth.jwt()) ->> 'user_metadata')::bool);
                create policy two on public.notes for insert to authenticated
                  with check ((current_setting('request.jwt.claims', true)::json ->> 'user_metadata')::boolean);
                create policy three on public.notes for delete to authenticated
                  using ((select auth.jwt() #>> '{user_metadata,role}') = 'admin');
                create policy fine on public.notes for update to authenticated
                  using (((select auth.jwt()) -> 'app_metadata' ->> 'role') = 'admin');
                """)
        #expect(
            report.objects("rls_references_user_metadata") == [
                "public.notes/one", "public.notes/three", "public.notes/two",
            ])
        #expect(report.of("rls_references_user_metadata").first?.level == .error)
    }

    @Test(.scratchDatabase) func `raw_user_meta_data is found in the policy and in the functions it calls`()
        async throws
    {
        let report = try await LintBench.lint(
            LintBench.ownTable() + """
                create function public.inner_check() returns boolean language sql stable security definer
                  set search_path = ''
                  as $$ select raw_user_meta_data ->> 'role' = 'staff' from auth.users where id = auth.uid() $$;
                create function public.is_staff() returns boolean language plpgsql stable security definer
                  set search_path = '' as $$ begin return public.inner_check(); end $$;
                create function public.by_app() returns boolean language sql stable security definer set search_path = ''
                  as $$ select raw_app_meta_data ->> 'role' = 'staff' from auth.users where id = auth.uid() $$;
                create policy through on public.notes for select to authenticated using ((select public.is_staff()));
                create policy direct on public.notes for delete to authenticated using (exists (
                  select from auth.users u where u.id = (select auth.uid()) and u.raw_user_meta_data ->> 'a' = 'b'));
                create policy fine on public.notes for update to authenticated using ((select public.by_app()));
                """)
        #expect(report.objects("user_editable_metadata") == ["public.notes/direct", "public.notes/through"])
        #expect(report.of("user_editable_metadata").last?.detail.contains("through public.inner_check()") == true)
    }
}
