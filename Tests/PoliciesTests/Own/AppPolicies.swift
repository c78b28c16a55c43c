import Foundation
import Policies
import PostgresClient
import PostgresTesting

/// The files of `policies/`, applied to the app's schema.
enum AppPolicies {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("policies")

    /// A session on the test's database with all policies.
    static func session() async throws -> Session {
        let scratch = try ScratchDatabase.current
        let applier = PolicyApplier(settings: scratch.settings, options: PolicyOptions(toolVersion: "test"))
        _ = try await applier.apply(try PolicyFolder.read(folder.path))
        return try await scratch.session()
    }
}
