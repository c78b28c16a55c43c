import ArchiveRepository
import CatalogInspection
import Foundation
import PostgresClient
import PostgresTesting
import Synchronization
import Testing

@testable import LogicalBackup

/// Backups of one database into one repository, night after night, each compared with the truth of its moment.
struct Nights {
    /// How a backup reads a table.
    enum Reading: String {
        case unchanged
        case inPart
        case inFull

        init(_ plan: TablePlan) {
            self = plan.ranges.isEmpty ? .unchanged : plan.kept.isEmpty ? .inFull : .inPart
        }
    }

    let source: ConnectionSettings
    let repository: ScratchRepository
    let session: Session
    private let seen = LastPlans()

    /// An empty database and an empty repository.
    init(_ scratch: ScratchDatabase) async throws {
        try await self.init(scratch.emptyDatabase(), scratch)
    }

    /// A database and a repository.
    init(
        _ source: ConnectionSettings,
        _ scratch: ScratchDatabase,
        into repository: ScratchRepository? = nil
    ) async throws {
        self.source = source
        self.repository = try repository ?? ScratchRepository()
        session = try await scratch.session(to: source)
    }

    /// A database of any server, and a repository; the caller closes the session.
    init(of source: ConnectionSettings, into repository: ScratchRepository, by session: Session) {
        self.source = source
        self.repository = repository
        self.session = session
    }

    /// Runs statements as the owner of the tables, in one transaction where they can be.
    func run(_ script: String) async throws { try await session.executeScript(script) }

    /// Runs statements one by one, for those that refuse to stand in a transaction.
    func run(_ statements: [String]) async throws {
        for statement in statements { try await session.executeScript(statement) }
    }

    /// Makes a backup and compares every table with the database, and all with what the archive gives back.
    func night(
        _ comment: String = "",
        full: Bool = false,
        rangesOfChunk: Int = ReadUnit.rangesOfChunk,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> BackupManifest {
        let manifest = try await backUp(full: full, rangesOfChunk: rangesOfChunk)
        let differences = try await session.withTransaction { session in
            try await session.executeScript(PinnedSettings.script)
            return try await NightTruth.differences(of: manifest, in: repository, seenBy: session)
        }
        #expect(differences.isEmpty, "\(comment)", sourceLocation: sourceLocation)
        _ = try await BackupVerification(reader: try repository.reader).verify(manifest)
        return manifest
    }

    /// Makes a backup without looking at it.
    func backUp(
        full: Bool = false,
        rangesOfChunk: Int = ReadUnit.rangesOfChunk,
        onProgress: @escaping ProgressHandler = { _ in }
    ) async throws -> BackupManifest {
        let seen = seen
        return try await repository.backUp(source, onProgress: onProgress) { options in
            options.full = full
            options.rangesOfChunk = rangesOfChunk
            options.onPlans = { seen.take($0) }
        }
    }

    /// How the last night read each table, by its name without the schema.
    var readings: [String: Reading] { seen.readings }
}

/// What the last backup planned.
private final class LastPlans: Sendable {
    private let plans = Mutex<[String: Nights.Reading]>([:])

    func take(_ plans: [TablePlan]) {
        let readings = plans.map { ($0.table.record.table.name, Nights.Reading($0)) }
        self.plans.withLock { $0 = Dictionary(readings) { first, _ in first } }
    }

    var readings: [String: Nights.Reading] { plans.withLock { $0 } }
}

extension BackupManifest {
    /// The table of a name.
    func table(_ name: String) throws -> TableRecord { try #require(tables.first { $0.table.name == name }) }

    /// How much was read.
    func summary() throws -> ReadingSummary { try #require(reading) }
}
