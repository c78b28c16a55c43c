import Diagnostics
import Foundation
import PostgresClient
import PostgresTypes

/// The schema of one snapshot, as files in a private folder.
struct SchemaDump {
    /// pg_dump's custom format, without rows.
    let archive: URL
    /// The same as plain SQL.
    let script: URL

    /// What is the same for every dump.
    static let constantArguments = [
        "--schema-only", "--format=custom", "--encoding=UTF8", "--lock-wait-timeout=2s", "--no-password", "--no-sync",
    ]

    /// Runs pg_dump in a snapshot and renders its archive as SQL.
    ///
    /// The password travels in the environment, which other users cannot read; arguments they can.
    ///
    /// - Parameters:
    ///   - programs: The programs.
    ///   - settings: Where to connect: best `Session.settingsInUse`, by which pg_dump comes to the server of the snapshot,
    ///     and by which its bytes can be counted.
    ///   - snapshot: What to import.
    ///   - isPooled: Whether a pooler stands in between.
    ///   - folder: Where the files go.
    ///   - environment: The variables of the process.
    ///   - meter: Counts what pg_dump receives, also when it fails.
    /// - Returns: The files; `nil` when somebody waits for a lock that pg_dump needs too, and everything has to let go.
    /// - Throws: ``BackupError`` with what the program said.
    static func make(
        programs: ClientPrograms,
        settings: ConnectionSettings,
        snapshot: String,
        isPooled: Bool = false,
        folder: TemporaryFolder,
        environment: [String: String],
        meter: EgressMeter = EgressMeter()
    ) async throws -> SchemaDump? {
        let archive = folder.file("schema.pgdump")
        let script = folder.file("schema.sql")
        let dump = try await counted(settings, environment: environment, meter: meter) { settings, onStart in
            let named = settings.setting("application_name", to: "wheels-db/backup")
            let options = settings.keywords["options"] ?? environment["PGOPTIONS"]
            // Poolers refuse connections with options that they do not know.
            let robust = isPooled ? named : named.setting("options", to: PinnedTimeouts.options(adding: options))
            let variables = environment.merging(robust.environment) { _, new in new }
            return try await ChildProgram.run(
                programs.dump,
                constantArguments + ["--snapshot=\(snapshot)", "--file=\(archive.path)"],
                environment: variables,
                onStart: onStart
            )
        }
        guard dump.status == 0 else {
            // pg_dump bounds its waiting for locks by statement_timeout.
            if dump.errors.contains("statement timeout") || dump.errors.contains("lock timeout") { return nil }
            throw failure("pg_dump", dump)
        }
        let render = try await ChildProgram.run(
            programs.restore,
            ["--file=\(script.path)", archive.path],
            environment: environment
        )
        guard render.status == 0 else { throw failure("pg_restore", render) }
        return SchemaDump(archive: archive, script: script)
    }

    /// Runs pg_dump behind a relay that counts, where there can be one.
    private static func counted(
        _ settings: ConnectionSettings,
        environment: [String: String],
        meter: EgressMeter,
        _ body: (ConnectionSettings, @escaping @Sendable (Int32) -> Void) async throws -> ChildProgram.Outcome
    ) async throws -> ChildProgram.Outcome {
        // A service file would lead past the relay.
        if environment["PGSERVICE"] == nil {
            let outcome = try await EgressRelay.relaying(settings) { relay in
                defer { meter.receive(relay.receivedBytes) }
                let outcome = try await body(relay.settings) { relay.admit($0) }
                guard outcome.status != 0, let failure = relay.failure else { return outcome }
                return ChildProgram.Outcome(
                    status: outcome.status,
                    output: outcome.output,
                    errors: "pg_dump: error: the server could not be reached by the relay (\(failure))"
                )
            }
            if let outcome { return outcome }
        }
        meter.missed("pg_dump")
        return try await body(settings) { _ in }
    }

    /// Adds text to the plain SQL.
    func append(_ text: String) throws {
        let handle = try FileHandle(forWritingTo: script)
        defer { try? handle.close() }
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(text.utf8))
    }

    static func failure(_ program: String, _ outcome: ChildProgram.Outcome) -> any ExplainedError {
        let said = outcome.errors.split(separator: "\n").map(String.init)
        let reason = said.first { $0.contains("error:") } ?? said.last ?? "no reason given"
        let denied = outcome.errors.contains("permission denied")
        if outcome.errors.contains("max_locks_per_transaction") {
            var full = PostgresError(kind: .server, message: "\(program): \(reason)", sqlState: .outOfMemory)
            full.hint = "You might need to increase max_locks_per_transaction."
            return full
        }
        return BackupError(
            code: "schema.\(program)-failed",
            summary: "\(program) ended with status \(outcome.status): \(reason)",
            remedy: denied
                ? Remedy("Back up as a role that may read everything: a member of pg_read_all_data, or postgres.")
                : nil,
            failureClass: denied ? .permission : .failure
        )
    }
}

/// A folder that only this user can read, removed with everything in it.
final class TemporaryFolder: Sendable {
    let url: URL

    /// Makes the folder in `TMPDIR`, or in `/tmp`.
    init(environment: [String: String]) throws {
        let parent = URL(fileURLWithPath: environment["TMPDIR"] ?? "/tmp", isDirectory: true)
        url = parent.appendingPathComponent("wheels-db-\(UUID().uuidString.lowercased())", isDirectory: true)
        try FileManager.default.createDirectory(
            at: url,
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700]
        )
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func file(_ name: String) -> URL { url.appendingPathComponent(name) }
}
