import PostgresClient
import PostgresTesting
import Testing

@testable import Policies

@Suite("Reading who reaches what", .tags(.server))
struct LintReadingTests {
    @Test(.scratchDatabase) func `a schema of the configuration that is not there stops the reading`() async throws {
        let session = try await ScratchDatabase.current.session()
        let error = await #expect(throws: AccessReadingError.self) {
            try await AccessCatalog.read(in: session, apiSchemas: ["public", "api"])
        }
        #expect(error?.code == "access.no-api-schema" && error?.summary.contains("api") == true)
    }

    @Test(.scratchDatabase) func `an expression that the grammar cannot read is told, never passed over`() async throws
    {
        let deep = String(repeating: "(not ", count: 300) + "is_public" + String(repeating: ")", count: 300)
        let report = try await LintBench.lint(
            LintBench.ownTable() + "create policy deep on public.notes for select to authenticated using (\(deep));")
        #expect(report.objects("expression_not_read") == ["public.notes/deep"])
        #expect(report.isBad)
    }

    @Test(.scratchDatabase) func `tables of extensions and of Supabase are left out, its open tables are not`()
        async throws
    {
        let report = try await LintBench.lint(
            """
            create policy everything on storage.objects for all using (auth.uid() = owner);
            """)
        #expect(report.objects("auth_rls_initplan") == ["storage.objects/everything"])
        #expect(report.objects("policy_without_role") == ["storage.objects/everything"])
        #expect(report.objects("rls_disabled_in_public") == [])
        #expect(
            report.of("policy_without_role").first?.reach.hasPrefix("Reached through Supabase's storage API") == true)
    }

    @Test(.scratchDatabase) func `a role without any right reads the same`() async throws {
        let sql = LintBench.ownTable() + "create policy own on public.notes using (auth.uid() = user_id);"
        let report = try await LintBench.lint(sql)
        let session = try await ScratchDatabase.current.session(as: "supabase_read_only_user")
        let other = PolicyLinter.lint(try await AccessCatalog.read(in: session))
        #expect(other.findings == report.findings)
    }

    @Test(.scratchDatabase) func `an empty project has no finding`() async throws {
        let report = try await LintBench.lint()
        #expect(report.findings.filter { $0.rule.name != "jwt_role_not_api_role" }.map(\.detail) == [])
        #expect(report.rules.count == PolicyLinter.rules.count)
    }
}
