public import ArchiveRepository
public import Diagnostics
import Foundation
public import PostgresClient

/// Restores a backup into a server that is thrown away, proves it, and asks the assertions.
public struct DrillRun: Sendable {
    /// A database on a throwaway server: empty, or as a new Supabase project.
    public struct Place: Sendable {
        let superuser: ConnectionSettings
        let restorer: ConnectionSettings

        /// A place to restore into.
        ///
        /// - Parameters:
        ///   - superuser: A session as the server's superuser, for roles and extensions.
        ///   - restorer: A session as the role that restores.
        public init(superuser: ConnectionSettings, restorer: ConnectionSettings) {
            self.superuser = superuser
            self.restorer = restorer
        }
    }

    private let reader: ReaderAccess
    private let options: RestoreOptions
    private let onProgress: ProgressHandler

    /// A drill.
    ///
    /// - Parameters:
    ///   - reader: The right to read the repository.
    ///   - options: What the restore is told; it always proves.
    ///   - onProgress: Receives progress.
    public init(
        reader: ReaderAccess,
        options: RestoreOptions,
        onProgress: @escaping ProgressHandler = { _ in }
    ) {
        self.reader = reader
        self.options = options
        self.onProgress = onProgress
    }

    /// What a drill restored and found.
    public struct Report: Sendable {
        /// What the restore did and proved.
        public let restore: RestoreReport
        /// How many assertions were asked.
        public let assertions: Int
        /// Assertions that do not hold.
        public let problems: [Finding]
        /// What is worth knowing, such as extensions that this machine does not have.
        public let notes: [Finding]
    }

    /// Restores, proves and asks.
    ///
    /// - Parameters:
    ///   - manifest: The backup.
    ///   - place: The database, in which nothing is.
    ///   - assertions: What has to be true.
    ///   - onProved: Called when the restored database is proved: the recovery ends here.
    /// - Returns: What was found; assertions that do not hold are no error.
    /// - Throws: As ``RestoreRun/run(_:)``; `PostgresError` when the server fails.
    public func run(
        _ manifest: BackupManifest,
        in place: Place,
        assertions: [DrillAssertion],
        onProved: () -> Void = {}
    ) async throws -> Report {
        let preparation = DrillPreparation(
            manifest: manifest, restorer: place.restorer.keywords["user"] ?? "postgres")
        let prepared = try await inSession(place.superuser) { try await preparation.run(on: $0) }
        var options = options
        options.proves = true
        options.extensionsLeftOut = Set(prepared.missingExtensions)
        let restore = RestoreRun(settings: place.restorer, reader: reader, options: options, onProgress: onProgress)
        let report = try await restore.run(manifest)
        onProved()
        let problems = try await inSession(place.restorer) { session in
            var problems: [Finding] = []
            for (place, assertion) in assertions.enumerated() {
                onProgress(
                    RunProgress(phase: "assertions", done: place, total: assertions.count, subject: assertion.name))
                if let problem = try await assertion.problem(on: session) { problems.append(problem) }
            }
            return problems
        }
        return Report(
            restore: report, assertions: assertions.count, problems: problems,
            notes: prepared.findings + report.warnings)
    }

    private func inSession<Value: Sendable>(
        _ settings: ConnectionSettings,
        _ body: (Session) async throws -> Value
    ) async throws -> Value {
        let session = try await Session.connect(to: settings, applicationName: "wheels-db/drill")
        do {
            let value = try await body(session)
            await session.close()
            return value
        } catch {
            await session.close()
            throw error
        }
    }
}
