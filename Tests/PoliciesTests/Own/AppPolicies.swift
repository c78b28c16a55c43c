import Foundation
import PostgresClient
import PostgresTesting

/// The files of `policies/`, run on the app's schema.
enum AppPolicies {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("policies")

    /// Makes grants and policies what the files say: what they do not grant in schema public is revoked.
    static func apply(in session: Session) async throws {
        try await session.executeScript(
            """
            revoke all on all tables in schema public from public, anon, authenticated, service_role;
            revoke all on all sequences in schema public from public, anon, authenticated, service_role;
            """)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".sql") }
        for name in names.sorted() {
            try await session.executeScript(
                try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8))
        }
    }

    /// A session on the test's database with all policies.
    static func session() async throws -> Session {
        let session = try await ScratchDatabase.current.session()
        try await apply(in: session)
        return session
    }
}
