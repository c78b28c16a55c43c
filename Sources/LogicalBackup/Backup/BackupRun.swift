public import ArchiveRepository
import CatalogInspection
import Diagnostics
import Foundation
public import PostgresClient
import PostgresTypes

/// Makes one backup: everything a restore point needs, in one snapshot, proved readable by its writer.
public struct BackupRun: Sendable {
    private let settings: ConnectionSettings
    private let options: BackupOptions
    private let onProgress: ProgressHandler

    /// A run against one database.
    ///
    /// - Parameters:
    ///   - settings: Where and as whom to connect.
    ///   - options: What the run is told.
    ///   - onProgress: Receives progress.
    public init(
        settings: ConnectionSettings,
        options: BackupOptions,
        onProgress: @escaping ProgressHandler = { _ in }
    ) {
        self.settings = settings
        self.options = options
        self.onProgress = onProgress
    }

    /// Takes the backup.
    ///
    /// Until the manifest is stored, which is the last step, the repository holds no new backup.
    ///
    /// - Parameter writer: The right to write to a repository.
    /// - Returns: The manifest as it was stored.
    /// - Throws: ``BackupError``, `PostgresError`, `RepositoryError`, `TransactionPoolerError`.
    public func create(in writer: WriterAccess) async throws -> BackupManifest {
        let startedAt = Date()
        onProgress(RunProgress(phase: "connect", done: 0, total: 0))
        let leader = try await ConnectionRules.connect(
            to: settings,
            activity: "A backup",
            applicationName: "wheels-db/backup",
            retry: options.retry
        )
        do {
            let manifest = try await create(in: writer, leader: leader, startedAt: startedAt)
            await leader.close()
            return manifest
        } catch {
            await leader.close()
            throw error
        }
    }

    private func create(
        in writer: WriterAccess,
        leader: Session,
        startedAt: Date
    ) async throws -> BackupManifest {
        let facts = try await DatabaseQuery.facts(in: leader)
        try Self.refuseEncoding(facts)
        try await refuseHiddenRows(leader, facts)
        let programs = try await ClientPrograms.find(
            environment: options.environment,
            atLeast: leader.serverVersion.major
        )
        onProgress(RunProgress(phase: "lock", done: 0, total: 0))
        let snapshot = try await LockedSnapshot.take(on: leader, lockTimeout: options.lockTimeout)
        let snapshotAt = Date()
        let slots = try await ConnectionRules.freeSlots(seenBy: leader)
        let workers = try await SnapshotWorkers.open(
            count: max(1, min(options.jobs, slots - 1)),
            settings: settings,
            retry: options.retry,
            snapshot: snapshot
        )
        let run: RunWriter
        do { run = try writer.beginRun() } catch {
            await workers.close()
            throw error
        }
        do {
            let folder = try TemporaryFolder(environment: options.environment)
            onProgress(RunProgress(phase: "schema", done: 0, total: 0))
            let schema = try await SchemaDump.make(
                programs: programs,
                settings: settings,
                snapshot: snapshot.id,
                folder: folder,
                environment: options.environment
            )
            let rows = try await RowsDump(snapshot: snapshot, onProgress: onProgress).read(by: workers, into: run)
            let manifest = BackupManifest(
                backup: run.id.description,
                toolVersion: options.toolVersion,
                startedAt: startedAt,
                snapshotAt: snapshotAt,
                finishedAt: Date(),
                source: facts,
                projectRef: settings.projectRef,
                schemaProgram: programs.versionLine,
                schemaArchive: try run.putSchema(Data(contentsOf: schema.archive)),
                schemaSQL: try run.putSchema(Data(contentsOf: schema.script)),
                tables: rows.tables,
                sequences: try await SequenceQuery.sequences(in: leader),
                materializedViews: try await DetailQuery.materializedViews(in: leader),
                largeObjects: rows.largeObjects,
                foreignKeys: try await ForeignKeyQuery.foreignKeys(in: leader),
                accessLists: try await AccessQuery.accessLists(in: leader),
                extensions: try await DetailQuery.extensions(in: leader),
                userObjectsOnManagedTables: facts.isSupabaseShaped
                    ? try await DetailQuery.userObjectsOnManagedTables(in: leader) : [],
                schemas: try await DetailQuery.schemas(in: leader)
            )
            try run.commit(manifest: Array(ManifestCoding.encode(manifest)))
            await workers.close()
            return manifest
        } catch {
            await workers.close()
            run.abandon()
            throw error
        }
    }

    /// Stops where bytes have no encoding: what came out could not be put back.
    private static func refuseEncoding(_ facts: DatabaseFacts) throws {
        guard ["SQL_ASCII", "MULE_INTERNAL"].contains(facts.encoding) else { return }
        throw BackupError(
            code: "backup.encoding",
            summary:
                "Database \(facts.name) has the encoding \(facts.encoding), in which text may be of any encoding or"
                + " of none. Nothing was backed up.",
            remedy: Remedy(
                "Move it into a database with the encoding UTF8 first (pg_dump --encoding, then CREATE DATABASE)."),
            failureClass: .unsupportedVersion
        )
    }

    /// Stops before anything begins when a row would be missing from the backup.
    private func refuseHiddenRows(_ session: Session, _ facts: DatabaseFacts) async throws {
        let findings = try await ReadAccessQuery.obstacles(in: session)
        guard !findings.isEmpty else { return }
        let named = findings.prefix(3).compactMap(\.subject).joined(separator: ", ")
        let more = findings.count > 3 ? " and \(findings.count - 3) more" : ""
        throw BackupError(
            code: "backup.unreadable",
            summary: "Role \(facts.role) would not see every row: \(named)\(more). Nothing was backed up.",
            remedy: findings.first?.remedy,
            failureClass: .permission,
            findings: findings
        )
    }
}
