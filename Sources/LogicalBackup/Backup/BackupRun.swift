public import ArchiveRepository
import CatalogInspection
import Diagnostics
import Foundation
import OffPool
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
        let startedAt = options.clock()
        onProgress(RunProgress(phase: "connect", done: 0, total: 0))
        let leader = try await ConnectionRules.connect(
            to: settings,
            activity: "A backup",
            applicationName: "wheels-db/backup",
            retry: options.retry
        )
        do {
            try await PinnedTimeouts.leader.pin(leader)
            let watch = ServerWatch(leader: leader, load: options.load, onProgress: onProgress)
            try await watch.prepare()
            let manifest = try await claiming(writer) { claim in
                try await watch.during {
                    try await create(in: writer, claim: claim, leader: leader, watch: watch, startedAt: startedAt)
                }
            }
            await leader.close()
            return manifest
        } catch {
            await leader.close()
            throw error
        }
    }

    /// Works as the only run that writes to a repository.
    private func claiming(
        _ writer: WriterAccess,
        _ body: (HeldClaim) async throws -> BackupManifest
    ) async throws -> BackupManifest {
        let keeper = ClaimKeeper(records: SealedRecords(writer: writer))
        let claim = try await offPool { try keeper.take(.backup, command: "backup create") }
        do {
            let manifest = try await body(claim)
            await offPool { claim.release() }
            return manifest
        } catch {
            await offPool { claim.release() }
            throw error
        }
    }

    private func create(
        in writer: WriterAccess,
        claim: HeldClaim,
        leader: Session,
        watch: ServerWatch,
        startedAt: Date
    ) async throws -> BackupManifest {
        let facts = try await DatabaseQuery.facts(in: leader)
        try Self.refuseEncoding(facts)
        try await refuseHiddenRows(leader, facts)
        let programs = try await ClientPrograms.find(
            environment: options.environment,
            atLeast: leader.serverVersion.major
        )
        let account = try await offPool { [settings, options] in
            try EgressAccount(writer: writer, claim: claim, settings: settings, limit: options.egressBudget)
        }
        let slots = try await ConnectionRules.openSlots(seenBy: leader)
        let workers = try await SnapshotWorkers.connect(
            count: max(1, min(options.jobs, slots - max(2, options.load.margin))),
            settings: settings,
            retry: options.retry,
            pace: options.load.pace
        )
        var run: RunWriter?
        let unfinished = UnfinishedWork()
        do {
            let folder = try TemporaryFolder(environment: options.environment)
            let previous = try await offPool { try PreviousBackup.newest(in: writer, of: facts.name) }
            let (snapshot, begun) = try await sharedSnapshot(leader, workers, watch) { snapshot in
                let server = try await ServerQuery.description(in: leader)
                try UnloggedTables.refuse(snapshot.tables, seenBy: server)
                let basis = ReadingBasis(
                    previous: previous, options: options, server: server, database: facts.name, now: snapshot.takenAt)
                let source = SchemaSource(
                    programs: programs, environment: options.environment, folder: folder, meter: account.meter,
                    repository: writer.repository, previous: basis.comparison.flatMap { _ in previous?.manifest })
                let roles = try await ServerRoles.read(in: leader)
                return try await source.schema(
                    leader, snapshot: snapshot.id, roleScript: roles.script(database: facts.name),
                    serverIsAsBefore: previous?.manifest.map {
                        ServerGuard(before: $0.surroundings.server, now: server).isSame
                    } ?? false
                ).map { (server: server, basis: basis, roles: roles, schema: $0) }
            }
            let writing = try await offPool {
                try writer.beginRun(
                    claim: claim,
                    known: options.full ? [] : previous?.objects ?? [],
                    keyFiles: previous?.keyFiles ?? [],
                    vouched: {
                        try BackupCatalog(repository: writer.repository, access: writer).listing().manifests
                            .flatMap(\.keyFiles)
                    }
                )
            }
            run = writing
            // Of a run that reads everything although there is a backup, the half of it would stand in that backup's place.
            if begun.basis.comparison != nil || previous?.isComparable(with: facts.name) != true {
                unfinished.begin(
                    UnfinishedRun(
                        run: writing.id.description, snapshotAt: snapshot.takenAt, database: facts.name,
                        server: begun.server,
                        lastReadInFull: begun.basis.summary(ReadingSummary(), lostChunks: 0).lastReadInFull),
                    keyFiles: previous?.keyFiles ?? [])
            }
            let dump = RowsDump(
                snapshot: snapshot, comparison: begun.basis.comparison, rangesOfChunk: options.rangesOfChunk,
                account: account, unfinished: unfinished, onPlans: options.onPlans, onProgress: onProgress)
            let rows = try await dump.read(by: workers, into: writing)
            let around = try await SurroundingsReader(leader: leader, options: options).read(
                server: begun.server, client: programs.versionLine, format: BackupManifest.currentFormat,
                roles: begun.roles)
            let (archive, script) = try await offPool { try begun.schema.store(in: writing) }
            var manifest = BackupManifest(
                backup: writing.id.description,
                previous: previous?.manifest?.backup,
                toolVersion: options.toolVersion,
                startedAt: startedAt,
                snapshotAt: snapshot.takenAt,
                finishedAt: options.clock(),
                source: facts,
                projectRef: settings.projectRef,
                schemaProgram: programs.versionLine,
                schemaArchive: archive,
                schemaSQL: script,
                tables: rows.tables,
                sequences: try await SequenceQuery.sequences(in: leader),
                materializedViews: try await DetailQuery.materializedViews(in: leader),
                largeObjects: rows.largeObjects,
                foreignKeys: try await ForeignKeyQuery.foreignKeys(in: leader),
                accessLists: try await AccessQuery.accessLists(in: leader),
                extensions: try await DetailQuery.extensions(in: leader),
                userObjectsOnManagedTables: facts.isSupabaseShaped
                    ? try await DetailQuery.userObjectsOnManagedTables(in: leader) : [],
                schemas: try await DetailQuery.schemas(in: leader),
                rangeIndex: try await offPool { try writing.putIndex(try rows.index.encoded()) },
                reading: begun.basis.summary(rows.reading, lostChunks: rows.lostChunks),
                schema: begun.schema.fingerprint,
                environment: try options.environmentValues.map {
                    try SealedEnvironment($0, of: writing.id, by: writer)
                },
                surroundings: around
            )
            // All is read: what is left is between this machine and the store.
            await watch.end()
            try await leader.rollBackQuietly()
            await workers.close()
            let objects = manifest.objects
            manifest.keyFiles = try await offPool {
                writing.adopt(previous?.unnamed.filter(Set(objects).contains) ?? [])
                try writing.readBack()
                return try writing.keyFiles(of: objects, known: previous?.keyFiles ?? [])
            }
            manifest.surroundings.bytesReceived = await account.bytesReceived(by: [leader] + workers.sessions)
            manifest.surroundings.bytesNotCounted = account.meter.notCounted
            manifest.finishedAt = options.clock()
            let document = Array(try ManifestCoding.encode(manifest))
            try Task.checkCancellation()
            try await offPool {
                try writing.commit(manifest: document)
                writing.removeUnfinished(previous?.superseded ?? [])
            }
            await workers.close()
            await account.close(bytes: manifest.surroundings.bytesReceived, hasBackup: true)
            return manifest
        } catch {
            await workers.close()
            if let run {
                let isLeft = await offPool { unfinished.leave(in: run, after: error) }
                if isLeft {
                    onProgress(RunProgress(phase: "what was read is kept for the next run", done: 0, total: 0))
                } else {
                    await offPool { run.abandon() }
                }
            }
            await account.close(bytes: await account.bytesReceived(by: [leader] + workers.sessions), hasBackup: false)
            throw error
        }
    }

    /// How long tables that keep changing are tried again.
    private static let patience = Duration.seconds(120)

    /// A snapshot that leader and workers share, every table locked by each of them, and the schema in it.
    ///
    /// DDL that comes between the leader's locks and those of a worker or of pg_dump waits for the leader and stands
    /// before the others: then all let go, it passes, and everything begins again.
    private func sharedSnapshot<Begun>(
        _ leader: Session,
        _ workers: SnapshotWorkers,
        _ watch: ServerWatch,
        schema: (LockedSnapshot) async throws -> Begun?
    ) async throws -> (LockedSnapshot, Begun) {
        let begin = ContinuousClock.now
        var attempt = 0
        repeat {
            attempt += 1
            onProgress(RunProgress(phase: "lock", done: 0, total: 0))
            if let snapshot = try await LockedSnapshot.take(
                on: leader, lockTimeout: options.lockTimeout, clock: options.clock)
            {
                if try await workers.join(snapshot) {
                    try await watch.begin(workers)
                    onProgress(RunProgress(phase: "schema", done: 0, total: 0))
                    if let begun = try await schema(snapshot) { return (snapshot, begun) }
                }
                await watch.end()
                try await workers.leave()
                try await leader.rollBackQuietly()
            }
            try await Task.sleep(for: .milliseconds(Int.random(in: 1...min(50 * attempt, 1_000))))
        } while ContinuousClock.now - begin < Self.patience
        throw BackupError(
            code: "backup.schema-keeps-changing",
            summary: "Tables were changed by DDL in each of \(attempt) attempts to lock them all."
                + " Nothing was backed up.",
            remedy: Remedy("Wait until the deploy or migration is over, then start the backup again."),
            failureClass: .locked
        )
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
