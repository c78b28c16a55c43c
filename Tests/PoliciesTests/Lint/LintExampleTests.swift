import PostgresClient
import PostgresTesting
import Testing

@testable import Policies

/// What the book of rules shows as found is found.
@Suite("Examples of the lint rules", .tags(.server))
struct LintExampleTests {
    /// Those whose example cannot be run here: another server, another text than SQL, a hundred levels of NOT.
    private static let notRunnable: Set<String> = ["foreign_table_in_api", "exception_unused", "expression_not_read"]
    private static let names = PolicyLinter.rules.map { $0.info.name }.filter { !notRunnable.contains($0) }

    /// The tables that the examples speak of, each with row level security and grants.
    private static let stage = """
        create schema private;
        grant usage on schema private to anon, authenticated;
        create table public.trips (id bigint primary key, user_id uuid, team_id int, is_public boolean, body text);
        create table public.jobs (id bigint primary key, user_id uuid);
        create table public.members (group_id uuid, user_id uuid);
        create table public.expenses (id bigint primary key, user_id uuid, amount numeric);
        create table public.feedback (id bigint primary key, user_id uuid);
        create table public.group_trips (id uuid primary key, created_by uuid);
        create table public.group_trip_participants (trip_id uuid, user_id uuid);
        create table public.user_subscriptions (user_id uuid primary key, status text);
        create table public.profiles (id uuid primary key, full_name text, nickname text, role text);
        create table private.teams (id int primary key);
        do $$ declare name text; begin
          for name in select tablename from pg_tables where schemaname in ('public', 'private') loop
            execute format('alter table %s enable row level security',
              (select format('%I.%I', schemaname, tablename) from pg_tables where tablename = name));
          end loop;
        end $$;
        grant select, insert, update, delete on all tables in schema public, private to authenticated;
        create policy p on public.profiles for all to authenticated using (id = (select auth.uid()));

        """
    /// What an example needs beside it to be found.
    private static let more: [String: String] = [
        "user_editable_metadata":
            "create policy s on public.trips for select to authenticated using ((select public.is_staff()));",
        "jwt_role_not_api_role": "",
        "definer_view_chain": "grant select on private.all_trips to authenticated;",
    ]

    @Test(.scratchDatabase, arguments: names) func `the example is found`(rule: String) async throws {
        let info = try #require(PolicyLinter.rules.map { $0.info }.first { $0.name == rule })
        let sql = Self.stage + info.bad + ";\n" + (Self.more[rule] ?? "")
        // Roles belong to all databases of the server.
        let report = try await rule == "jwt_role_not_api_role" ? LintBench.lintInTransaction(sql) : LintBench.lint(sql)
        #expect(!report.of(rule).isEmpty, "\(info.bad)")
        for finding in report.of(rule) {
            #expect(finding.level <= info.level && !finding.reach.isEmpty && !finding.advice.isEmpty)
        }
    }
}
