import Foundation
import PostgresClient
import PostgresTesting
import Testing

@Suite("policy lint and policy matrix", .tags(.server))
struct PolicyLintTests {
    private let hole = """
        create table public.notes (id bigint primary key, user_id uuid, token text);
        """

    @Test(.scratchDatabase) func `lint prints what, who and the remedy, and ends with 2`() async throws {
        let work = try Workplace()
        let scratch = try ScratchDatabase.current
        try await scratch.session().executeScript(hole)
        let outcome = try await work.run(["policy", "lint"], on: scratch.settings)
        #expect(outcome.status == 2, "\(outcome)")
        #expect(outcome.output.contains("ERROR  rls_disabled_in_public, sensitive_columns_exposed  (2 findings)"))
        #expect(outcome.output.contains("Reachable through the API: anon may SELECT, INSERT, UPDATE, DELETE"))
        #expect(outcome.output.contains("    alter table public.notes enable row level security;\n"))
        #expect(outcome.output.contains("API schemas: public.\n"))
        #expect(outcome.errors.contains("database scratch_"))
    }

    @Test(.scratchDatabase) func `--json has the advisor's columns, actions and what is accepted`() async throws {
        let work = try Workplace()
        let scratch = try ScratchDatabase.current
        try await scratch.session().executeScript(hole)
        try work.write(
            """
            api_role_can_truncate public.notes it is gone tomorrow
            sensitive_columns_exposed public.notes the token is public
            """, to: "policies/lint-exceptions.txt")
        let outcome = try await work.run(["policy", "lint", "--json", "--level", "warning"], on: scratch.settings)
        #expect(outcome.status == 2, "\(outcome)")
        let json = try outcome.json()
        #expect(json["schema"] as? String == "wheels-db/policy-lint/v1")
        let findings = json["findings"] as? [[String: Any]] ?? []
        let finding = try #require(findings.first { $0["name"] as? String == "rls_disabled_in_public" })
        let advisor = [
            "name", "title", "level", "facing", "categories", "description", "detail", "remediation", "metadata",
            "cache_key",
        ]
        #expect(Set(advisor).isSubset(of: finding.keys))
        #expect(finding["cache_key"] as? String == "rls_disabled_in_public_public_notes")
        #expect((finding["metadata"] as? [String: Any])?["schema"] as? String == "public")
        #expect((json["actions"] as? [[String: Any]])?.isEmpty == false)
        #expect(
            (json["excepted"] as? [[String: Any]])?.compactMap { $0["reason"] as? String }.sorted() == [
                "it is gone tomorrow", "the token is public",
            ])
    }

    @Test(.scratchDatabase) func `one rule alone, accepted: ends with 0`() async throws {
        let work = try Workplace()
        let scratch = try ScratchDatabase.current
        try await scratch.session().executeScript(hole)
        let file = try work.write("rls_disabled_in_public public.notes a demonstration", to: "accepted.txt")
        let arguments = ["policy", "lint", "--rule", "rls_disabled_in_public"]
        #expect(try await work.run(arguments, on: scratch.settings).status == 2)
        let accepted = try await work.run(arguments + ["--exceptions", file], on: scratch.settings)
        #expect(
            accepted.status == 0 && accepted.output.contains("No findings; 1 accepted with a reason"), "\(accepted)")
    }

    @Test(.scratchDatabase) func `a wrong rule, a missing file and a schema that is not there are errors`() async throws
    {
        let work = try Workplace()
        let settings = try ScratchDatabase.current.settings
        let rule = try await work.run(["policy", "lint", "--rule", "rls_disabled_in_publik"], on: settings)
        #expect(rule.status == 64 && rule.errors.contains("Did you mean rls_disabled_in_public?"), "\(rule)")
        let file = try await work.run(["policy", "lint", "--exceptions", "none.txt"], on: settings)
        #expect(file.status == 10, "\(file)")
        try work.write("api_schemas: [api]\n", to: "wheels-db.yml")
        let schema = try await work.run(["policy", "lint"], on: settings)
        #expect(schema.status == 64 && schema.errors.contains("The API schema api does not exist"), "\(schema)")
    }

    @Test(.scratchDatabase) func `matrix is written, agrees, and tells each cell that became wider`() async throws {
        let work = try Workplace()
        let scratch = try ScratchDatabase.current
        let session = try await scratch.session()
        try await session.executeScript(
            hole + """
                alter table public.notes enable row level security;
                create policy own on public.notes for select to authenticated using ((select auth.uid()) = user_id);
                revoke all on public.notes from anon, authenticated; grant select on public.notes to authenticated;
                """)
        try FileManager.default.createDirectory(
            at: work.folder.appendingPathComponent("policies"), withIntermediateDirectories: true)
        let missing = try await work.run(["policy", "matrix", "--check"], on: scratch.settings)
        #expect(missing.status == 10 && missing.errors.contains("policy matrix --write"), "\(missing)")
        #expect(try await work.run(["policy", "matrix", "--write"], on: scratch.settings).status == 0)
        let text = try String(contentsOf: work.folder.appendingPathComponent("policies/matrix.md"), encoding: .utf8)
        #expect(
            text.contains(
                "| public.notes | authenticated | OWN | DENY(grant) | DENY(grant) | DENY(grant) | DENY(grant) |\n"))
        let same = try await work.run(["policy", "matrix", "--check"], on: scratch.settings)
        #expect(same.status == 0 && same.output.contains("allows what"), "\(same)")
        try await session.executeScript(
            "grant select on public.notes to anon; alter policy own on public.notes to anon, authenticated using (true)"
        )
        let wider = try await work.run(["policy", "matrix", "--check"], on: scratch.settings)
        #expect(wider.status == 2, "\(wider)")
        #expect(wider.output.contains("WIDER  public.notes anon SELECT: DENY(grant) → OPEN\n"), "\(wider)")
        #expect(wider.output.contains("2 cells differ from") && wider.output.contains("2 wider"), "\(wider)")
        let json = try await work.run(["policy", "matrix", "--check", "--json"], on: scratch.settings).json()
        #expect((json["differences"] as? [[String: Any]])?.map { $0["wider"] as? Bool } == [true, true])
    }

    @Test(.scratchDatabase) func `an ERROR cell is told with the server's words and never agrees`() async throws {
        let work = try Workplace()
        let scratch = try ScratchDatabase.current
        try await scratch.session().executeScript(
            hole + """
                alter table public.notes enable row level security;
                create policy loop on public.notes for select to authenticated using (id in (select id from public.notes));
                """)
        try FileManager.default.createDirectory(
            at: work.folder.appendingPathComponent("policies"), withIntermediateDirectories: true)
        let written = try await work.run(["policy", "matrix", "--write"], on: scratch.settings)
        #expect(
            written.errors.contains("public.notes authenticated SELECT always fails: infinite recursion"), "\(written)")
        #expect(try await work.run(["policy", "matrix", "--check"], on: scratch.settings).status == 2)
    }
}
