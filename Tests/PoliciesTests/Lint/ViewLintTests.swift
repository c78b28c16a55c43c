import Policies
import PostgresClient
import PostgresTesting
import Testing

@Suite("Lint: views", .tags(.server))
struct ViewLintTests {
    @Test(.scratchDatabase) func `a view without security_invoker is found, in whichever words it is set`() async throws
    {
        let report = try await LintBench.lint(
            LintBench.ownTable() + """
                create view public.opened as select * from public.notes;
                create view public.switched_off with (security_invoker = off) as select 1 as one;
                create view public.yes with (security_invoker = yes) as select * from public.notes;
                create view public.switched_on with (security_invoker) as select * from public.notes;
                create view public.hidden as select 1 as one;
                revoke all on public.hidden from anon, authenticated;
                """)
        #expect(report.objects("security_definer_view") == ["public.opened", "public.switched_off"])
        #expect(report.of("security_definer_view").first?.detail.contains("reads public.notes as postgres") == true)
        #expect(try await LintBench.cured(report, "security_definer_view").objects("security_definer_view") == [])
    }

    @Test(.scratchDatabase) func `a careful view over a careless one of another schema is found`() async throws {
        let sql =
            LintBench.ownTable() + """
                create schema private;
                grant usage on schema private to anon, authenticated;
                create view private.all_notes as select * from public.notes;
                grant select on private.all_notes to anon;
                create view public.note_list with (security_invoker = true) as select * from private.all_notes;
                insert into public.notes values (1, '00000000-0000-4000-8000-000000000001', 'secret', false);
                """
        let report = try await LintBench.lint(sql)
        #expect(report.objects("definer_view_chain") == ["public.note_list"])
        let detail = report.of("definer_view_chain").first?.detail ?? ""
        #expect(detail.contains("public.note_list → private.all_notes → public.notes"))
        #expect(detail.contains("private.all_notes reads as postgres"))
        // It is no theory: anon reads the row.
        let anon = try await ScratchDatabase.current.session()
        try await anon.executeScript("set role anon")
        #expect(try await anon.query("select body from public.note_list").map { $0[0] } == ["secret"])
        let cured = try await LintBench.cured(report, "definer_view_chain")
        #expect(cured.objects("definer_view_chain") == [])
    }

    @Test(.scratchDatabase) func `careful views all the way, and tables without row level security, are no chain`()
        async throws
    {
        let report = try await LintBench.lint(
            LintBench.ownTable() + """
                create view public.one with (security_invoker = true) as select * from public.notes;
                create view public.two with (security_invoker = true) as select * from public.one;
                """)
        #expect(report.objects("definer_view_chain") + report.objects("security_definer_view") == [])
    }

    @Test(.scratchDatabase) func `materialized views and foreign tables of the API are found`() async throws {
        let report = try await LintBench.lint(
            """
            create materialized view public.totals as select 1 as one;
            create materialized view public.hidden as select 1 as one;
            create extension file_fdw with schema extensions;
            create server files foreign data wrapper file_fdw;
            create foreign table public.lines (line text) server files options (filename '/dev/null');
            grant select on public.totals, public.lines to anon, authenticated;
            revoke all on public.hidden from anon, authenticated;
            """, asSuperuser: true)
        #expect(report.objects("materialized_view_in_api") == ["public.totals"])
        #expect(report.objects("foreign_table_in_api") == ["public.lines"])
        let cured = try await LintBench.cured(report, "materialized_view_in_api", asSuperuser: true)
        #expect(cured.objects("materialized_view_in_api") == [])
    }
}
