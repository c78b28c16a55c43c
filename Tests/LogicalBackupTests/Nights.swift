import ArchiveRepository
import CatalogInspection
import Foundation
import LogicalBackup
import PostgresClient
import PostgresTesting
import Testing

/// Backups of one database into one repository, night after night, each compared with the truth of its moment.
struct Nights {
    let source: ConnectionSettings
    let repository: ScratchRepository
    let session: Session

    /// An empty database and an empty repository.
    init(_ scratch: ScratchDatabase) async throws {
        source = try await scratch.emptyDatabase()
        repository = try ScratchRepository()
        session = try await scratch.session(to: source)
    }

    /// Runs statements as the owner of the tables.
    func run(_ script: String) async throws { try await session.executeScript(script) }

    /// Makes a backup and compares every table with the database: rows, content digest, and what the archive holds.
    func night(_ comment: String = "", sourceLocation: SourceLocation = #_sourceLocation) async throws -> BackupManifest
    {
        let manifest = try await repository.backUp(source)
        let truth = try await Self.truth(of: session, manifest.tables)
        for record in manifest.tables {
            let name = record.table.displayName
            #expect(
                truth[name] == "\(record.rows) \(record.digest)", "\(name) \(comment)", sourceLocation: sourceLocation)
        }
        _ = try await BackupVerification(reader: try repository.reader).verify(manifest)
        return manifest
    }

    /// Rows and content digest of tables, computed by the server from all rows.
    static func truth(of session: Session, _ tables: [TableRecord]) async throws -> [String: String] {
        try await session.withTransaction { session in
            try await session.executeScript(PinnedSettings.script)
            let digest = ContentDigest(types: try await TypeQuery.types(in: session))
            var found: [String: String] = [:]
            for record in tables {
                let sql = digest.statement(source: "only \(record.table.qualifiedName)", columns: record.columns)
                let row = try await session.query(Query(unsafeSQL: sql)).first
                found[record.table.displayName] = "\(row?[0] ?? "") \(row?[1] ?? "")"
            }
            return found
        }
    }
}

extension BackupManifest {
    /// The table of a name.
    func table(_ name: String) throws -> TableRecord { try #require(tables.first { $0.table.name == name }) }

    /// How much was read.
    func summary() throws -> ReadingSummary { try #require(reading) }
}
