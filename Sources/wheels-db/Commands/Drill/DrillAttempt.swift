import ArchiveRepository
import CatalogInspection
import Diagnostics
import Foundation
import LocalPostgres
import LogicalBackup
import PostgresClient
import PostgresTypes

/// One drill: a throwaway server, a restore, questions; and what of it is recorded, however it ends.
struct DrillAttempt: Sendable {
    let manifest: BackupManifest
    let reader: ReaderAccess
    let targets: RecoveryTargets
    let jobs: Int
    let context: CommandContext

    /// The bytes of a restored database for each byte of its rows as COPY writes them: heap, indexes and WAL.
    private static let diskFactor = 3

    /// The drill.
    ///
    /// - Parameters:
    ///   - assertions: What has to be true.
    ///   - now: The store's time.
    /// - Returns: What was found, and why it did not come to its end.
    func run(assertions: [DrillAssertion], at now: Date) async -> (DrillDocument, failure: (any Error)?) {
        let begin = ContinuousClock.now
        let point = max(0, now.timeIntervalSince(manifest.snapshotAt))
        var recovery = Duration.zero
        var version = ""
        do {
            let folder = try roomyFolder()
            let binaries = try await ServerBinaries.find(environment: context.environment.variables)
            version = binaries.version.description
            let report = try await withThrowawayServer(binaries: binaries, in: folder) { server in
                let place = try await makeDatabase(on: server)
                return try await DrillRun(
                    reader: reader, options: options, onProgress: context.progressHandler()
                ).run(manifest, in: place, assertions: assertions) { recovery = .now - begin }
            }
            let record = record(at: now, point, recovery, version, report)
            return (DrillDocument(record: record, report: report, targets: targets), nil)
        } catch {
            // A drill that a person stopped says nothing of the backup.
            if Task.isCancelled { return (DrillDocument(), error) }
            let code = (error as? any ExplainedError)?.code ?? "unexpected"
            let record = record(at: now, point, .now - begin, version, nil, failure: code)
            return (DrillDocument(record: record, report: nil, targets: targets), error)
        }
    }

    private var options: RestoreOptions {
        RestoreOptions(jobs: jobs, environment: context.environment.variables, toolVersion: WheelsDB.version)
    }

    /// A database as the backup's own was before anything was in it.
    private func makeDatabase(on server: LocalServer) async throws -> DrillRun.Place {
        let name = "drill"
        let isProject = manifest.source.isSupabaseShaped
        if isProject {
            try await server.createSupabaseDatabase(named: name)
        } else {
            try await server.createEmptyDatabase(named: name)
        }
        let superuser = server.settings(database: name, user: "supabase_admin")
        // What is no project may hold what only a superuser makes.
        return DrillRun.Place(
            superuser: superuser, restorer: isProject ? server.settings(database: name) : superuser)
    }

    /// The folder for the server's files, when the restored database fits into it.
    private func roomyFolder() throws(CommandError) -> String {
        let folder = context.environment.absolutePath(context.environment["TMPDIR"] ?? "/tmp")
        let attributes = try? FileManager.default.attributesOfFileSystem(forPath: folder)
        let needed = manifest.rowBytes * Self.diskFactor
        guard let free = (attributes?[.systemFreeSize] as? NSNumber)?.intValue, free < needed else { return folder }
        throw CommandError(
            "drill.disk",
            "\(folder) has \(HumanUnits.bytes(Int64(free))) free, and restoring backup \(manifest.backup) takes about"
                + " \(HumanUnits.bytes(Int64(needed))).",
            remedy: Remedy("Set TMPDIR to a folder with more room."),
            failureClass: .outOfSpace)
    }

    private func record(
        at now: Date,
        _ point: Double,
        _ recovery: Duration,
        _ version: String,
        _ report: DrillRun.Report?,
        failure: String? = nil
    ) -> DrillRecord {
        let wrong = report?.problems.count ?? 0
        return DrillRecord(
            at: now,
            backup: manifest.backup,
            source: manifest.sourceName,
            passed: report != nil && wrong == 0,
            failure: failure ?? report?.problems.first?.code,
            rows: report?.restore.rows ?? 0,
            assertions: (report?.assertions ?? 0) - wrong,
            failedAssertions: wrong,
            recoverySeconds: recovery / .seconds(1),
            pointSeconds: point,
            server: version,
            tool: WheelsDB.version
        )
    }
}
