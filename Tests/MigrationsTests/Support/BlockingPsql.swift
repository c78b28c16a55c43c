import Foundation
import LocalPostgres
import PostgresClient
import PostgresTesting
import Testing

/// `psql` for event handlers, which cannot wait for a session.
struct BlockingPsql: Sendable {
    let path: String
    let environment: [String: String]

    init(_ settings: ConnectionSettings) async throws {
        path = try await ThrowawayServer.binaries.directory + "/psql"
        environment = ["PATH": "/usr/bin:/bin"].merging(settings.environment) { $1 }
    }

    func run(_ sql: String) {
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = ["--no-psqlrc", "--quiet", "--command", sql]
        process.environment = environment
        process.standardOutput = FileHandle.nullDevice
        do { try process.run() } catch { Issue.record("\(error)") }
        process.waitUntilExit()
    }
}
