import Foundation
import LocalPostgres
import Migrations

/// The databases that tests with the application's schema copy: migrated once in a test process for each era.
actor AppTemplate {
    static let shared = AppTemplate()

    private var templates: [DefaultPrivilegesEra: Task<String, any Error>] = [:]

    /// The folder of this package.
    private static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// The template's name, made by the first test that asks.
    func database(of era: DefaultPrivilegesEra, on server: LocalServer) async throws -> String {
        if let made = templates[era] { return try await made.value }
        let making = Task {
            let name = "app_template_\(era.rawValue.lowercased())"
            try await server.createSupabaseDatabase(named: name, era: era)
            let folder = try MigrationFolder.read(Self.package.appendingPathComponent("migrations").path)
            let options = MigrationOptions(toolVersion: "test")
            _ = try await MigrationRunner(settings: server.settings(database: name), options: options).up(folder)
            return name
        }
        templates[era] = making
        return try await making.value
    }
}
