import Foundation
import LocalPostgres
import Policies
import PostgresClient
import PostgresTesting
import Testing

@Suite("The app's own policies", .tags(.server))
struct OwnSchemaTests {
    private static let matrixFile = AppPolicies.folder.appendingPathComponent("matrix.md")

    @Test(.appDatabase) func `lint finds nothing that has no written reason, and each reason is needed`() async throws {
        let session = try await AppPolicies.session()
        let exceptions = try LintExceptions.read(AppPolicies.folder.appendingPathComponent("lint-exceptions.txt").path)
        let report = PolicyLinter.lint(try await AccessCatalog.read(in: session), exceptions: exceptions)
        #expect(report.findings.map { "\($0.rule.name) \($0.object) \($0.policy ?? ""): \($0.detail)" } == [])
        #expect(report.excepted.count >= exceptions.entries.count)
    }

    @Test(.appDatabase) func `policies/matrix.md is what the database allows`() async throws {
        let matrix = try await AccessMatrix.read(in: try await AppPolicies.session())
        if ProcessInfo.processInfo.environment["WHEELS_WRITE_MANUAL"] == "1" {
            try matrix.markdown.write(to: Self.matrixFile, atomically: true, encoding: .utf8)
        }
        #expect(matrix.errors.map { "\($0): \(matrix.messages[$0] ?? "")" } == [])
        let committed = try MatrixFile.read(Self.matrixFile.path)
        #expect(
            committed.differences(to: matrix).map(\.description) == [], "make manual writes policies/matrix.md anew.")
        #expect(try String(contentsOf: Self.matrixFile, encoding: .utf8) == matrix.markdown)
    }

    @Test(.appDatabase(era: .apiRolesGetNone)) func `a project of the newer default privileges comes out the same`()
        async throws
    {
        let matrix = try await AccessMatrix.read(in: try await AppPolicies.session())
        let committed = try MatrixFile.read(Self.matrixFile.path)
        #expect(committed.differences(to: matrix).map(\.description) == [])
    }

    /// What is open to users is written down here, by hand: the matrix must not open anything beside it.
    @Test func `nothing is open but what is shared by all`() throws {
        let matrix = try MatrixFile.read(Self.matrixFile.path)
        func places(_ role: String, _ isWanted: (AccessMatrix.Verdict) -> Bool) -> [String] {
            matrix.cells.filter { $0.key.role == role && isWanted($0.value.verdict) }.keys.sorted()
                .filter { !$0.relation.hasPrefix("storage.") }
                .map { "\($0.relation) \($0.command.rawValue)" }
        }
        #expect(
            places("anon") { ![.deniedByGrant, .none].contains($0) } == [
                "public.affiliate_products SELECT", "public.trip_templates SELECT",
            ])
        #expect(places("anon") { $0 == .open } == [])
        #expect(
            places("authenticated") { $0 == .open } == [
                "public.camping_locations SELECT", "public.health_check SELECT", "public.latest_camping_updates SELECT",
                "public.public_profiles SELECT", "public.system_settings SELECT",
                "public.transaction_categories SELECT",
                "public.trip_template_ratings SELECT",
            ])
        #expect(
            matrix.cells.filter { $0.key.command == .truncate && $0.key.relation.hasPrefix("public.") }
                .allSatisfy { [.deniedByGrant, .none].contains($0.value.verdict) })
        #expect(
            matrix.cells.filter { $0.key.relation.hasPrefix("storage.") && $0.key.role == "anon" }
                .allSatisfy {
                    [.deniedByGrant, .deniedByPolicy, .none, .open].contains($0.value.verdict)
                        && ($0.value.verdict != .open || $0.key.command == .truncate)
                })
    }
}
