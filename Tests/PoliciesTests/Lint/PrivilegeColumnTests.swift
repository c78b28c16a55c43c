import Policies
import PostgresClient
import PostgresTesting
import Testing

@Suite("Lint: privilege_column_writable", .tags(.server))
struct PrivilegeColumnTests {
    private let rule = "privilege_column_writable"
    private let people = """
        create table public.people (id uuid primary key, name text, role text, is_staff boolean);
        alter table public.people enable row level security;
        create policy own on public.people for update to authenticated
          using ((select auth.uid()) = id) with check ((select auth.uid()) = id);
        revoke all on public.people from anon, authenticated;
        grant select, update on public.people to authenticated;

        """
    private let isAdmin = """
        create function public.is_boss() returns boolean language sql stable security definer set search_path = ''
          as $$ select exists (select from public.people where id = auth.uid() and role = 'admin') $$;

        """

    @Test(.scratchDatabase) func `a role that users write themselves is found, and the grants cure it`() async throws {
        let report = try await LintBench.lint(people + isAdmin)
        let found = try #require(report.of(rule).first)
        #expect(found.object == "public.people" && found.metadata["column"] == .text("role"))
        #expect(found.detail.contains("function public.is_boss() trusts people.role to be 'admin'"))
        #expect(found.detail.contains("authenticated may UPDATE it (policy \"own\")"))
        #expect(
            found.sql == [
                "revoke update on public.people from authenticated;",
                "grant update (id, name, is_staff) on public.people to authenticated;",
            ])
        #expect(try await LintBench.cured(report, rule).objects(rule) == [])
    }

    @Test(
        .scratchDatabase,
        arguments: [
            "exists (select from public.people p where p.id = auth.uid() and p.is_staff)",
            "exists (select from public.people p where p.id = (select auth.uid()) and p.is_staff is true)",
            "(select p.role from public.people p where p.id = auth.uid()) = 'admin'",
            "exists (select from public.people p where p.id = auth.uid() and p.role in ('admin', 'moderator'))",
            "exists (select from public.people p where p.id = auth.uid() and (p.role = 'admin' or p.name = 'root'))",
        ])
    func `the policy's own query is read in each form`(condition: String) async throws {
        let report = try await LintBench.lint(
            people + LintBench.ownTable()
                + "create policy staff on public.notes for select to authenticated using (\(condition));")
        #expect(report.objects(rule) == ["public.people"], "\(condition)")
        #expect(report.of(rule).first?.detail.contains("policy \"staff\" on public.notes trusts") == true)
    }

    @Test(.scratchDatabase) func `a body in plpgsql is read by its words`() async throws {
        let report = try await LintBench.lint(
            people + """
                create function public.is_boss() returns boolean language plpgsql stable security definer
                  set search_path = '' as $$
                  begin return (select role from public.people where id = auth.uid()) = 'admin'; end $$;
                """)
        #expect(report.of(rule).map(\.metadata["column"]) == [.text("role")])
    }

    @Test(.scratchDatabase) func `a row that users insert for themselves is found`() async throws {
        let report = try await LintBench.lint(
            """
            create table public.members (group_id int, user_id uuid, role text);
            alter table public.members enable row level security;
            create policy joins on public.members for insert to authenticated with check ((select auth.uid()) = user_id);
            create function public.leads(wanted int, who uuid default auth.uid()) returns boolean language sql stable
              security definer set search_path = '' as $$ select exists (select from public.members
                where group_id = wanted and user_id = who and role = 'leader') $$;
            """)
        #expect(report.of(rule).first?.detail.contains("authenticated may INSERT it (policy \"joins\")") == true)
        #expect(try await LintBench.cured(report, rule).objects(rule) == [])
    }

    @Test(
        .scratchDatabase,
        arguments: [
            "revoke update on public.people from authenticated; grant update (name) on public.people to authenticated;",
            "drop policy own on public.people;",
            """
            alter policy own on public.people with check ((select auth.uid()) = id and role = 'user');
            """,
            """
            create function public.keep_role() returns trigger language plpgsql set search_path = '' as
              $$ begin if new.role is distinct from old.role then raise exception 'no'; end if; return new; end $$;
            create trigger keep_role before update on public.people for each row execute function public.keep_role();
            """,
            "alter policy own on public.people using ((select public.is_boss())) with check ((select public.is_boss()));",
        ])
    func `a column that is out of reach, or guarded, is no finding`(guarded: String) async throws {
        let report = try await LintBench.lint(people + isAdmin + guarded)
        #expect(report.objects(rule) == [], "\(guarded)")
    }

    @Test(.scratchDatabase) func `a filter on other people's rows is no right of the caller`() async throws {
        let report = try await LintBench.lint(
            people + LintBench.ownTable() + """
                create policy seen on public.notes for select to authenticated using (
                  exists (select from public.people p where p.id = notes.user_id and p.role = 'author'));
                """)
        #expect(report.objects(rule) == [])
    }
}
