import ArchiveRepository
import CatalogInspection
import Diagnostics
import Foundation
import PostgresTypes

/// The newest backup that the writer key opens, and the unfinished run after it, if there was one: what they name need not
/// be stored again, and what has not changed since need not be read again.
struct PreviousBackup: Sendable {
    /// The backup; `nil` when there is none, but an unfinished run.
    let manifest: BackupManifest?
    /// A younger run of the same database that ended early: then that is what is compared with.
    let unfinished: UnfinishedRun?
    /// All unfinished runs of the database, which a backup makes useless.
    let superseded: [BackupID]
    /// The ranges; `nil` when they cannot be read, which only costs that everything is read.
    let index: RangeIndex?
    private let chunks: [OID: [ChunkRecord]]

    private init(_ manifest: BackupManifest, index: RangeIndex?, superseded: [BackupID]) {
        self.manifest = manifest
        self.index = index
        self.superseded = superseded
        unfinished = nil
        var chunks = Dictionary(manifest.tables.map { ($0.table.oid, $0.chunks) }) { first, _ in first }
        chunks[Self.largeObjects] = manifest.largeObjects?.chunks
        self.chunks = chunks
    }

    private init(_ unfinished: UnfinishedRun, after manifest: BackupManifest?, superseded: [BackupID]) {
        self.manifest = manifest
        self.unfinished = unfinished
        self.superseded = superseded
        index = RangeIndex(Array(unfinished.index))
        chunks = unfinished.chunks
    }

    /// The number of `pg_largeobject`.
    private static let largeObjects = OID(2613)

    /// The name of what is compared with.
    var name: String { unfinished?.run ?? manifest?.backup ?? "" }
    /// The database it is of.
    var database: String { unfinished?.database ?? manifest?.source.name ?? "" }
    /// What its server was.
    var server: ServerDescription? { unfinished?.server ?? manifest?.surroundings.server }
    /// When everything was read last.
    var lastReadInFull: Date? { unfinished.map(\.lastReadInFull) ?? manifest?.reading?.lastReadInFull }

    /// Whether it is of a database, with ranges that can be compared.
    func isComparable(with name: String) -> Bool { database == name && index != nil }

    /// The objects of the backup, but not an index that cannot be read: the same ranges would make it again under the same
    /// name; and those of the unfinished run.
    var objects: [StoredObject] {
        let ofBackup = manifest?.objects.filter { unfinished != nil || index != nil || $0 != manifest?.rangeIndex }
        return (ofBackup ?? []) + unnamed
    }
    /// Objects that no manifest names: they may have been removed late.
    var unnamed: [StoredObject] {
        let named = Set(manifest?.objects.map(\.name) ?? [])
        return unfinished?.objects.filter { !named.contains($0.name) } ?? []
    }
    /// The files that open them.
    var keyFiles: [KeyFile] {
        let ofBackup = manifest?.keyFiles ?? []
        let names = Set(ofBackup.map(\.name))
        return ofBackup + (unfinished?.keyFiles.filter { !names.contains($0.name) } ?? [])
    }

    /// Finds it.
    ///
    /// One that is damaged, or sealed by other keys, only costs what it would have saved.
    ///
    /// - Parameters:
    ///   - writer: Opens manifests.
    ///   - database: The database whose unfinished run counts; `nil`: none does.
    /// - Returns: It; `nil` when there is neither.
    /// - Throws: `RepositoryError` when the store cannot be read.
    static func newest(in writer: WriterAccess, of database: String? = nil) throws -> PreviousBackup? {
        let catalog = BackupCatalog(repository: writer.repository, access: writer)
        let manifest = try catalog.newestThatOpens()
        let runs = try database.map { try unfinishedRuns(of: $0, in: writer) } ?? []
        let superseded = runs.compactMap { BackupID($0.run) }
        if let last = runs.max(by: { $0.snapshotAt < $1.snapshotAt }),
            manifest.map({ $0.source.name != database || $0.snapshotAt < last.snapshotAt }) ?? true
        {
            return PreviousBackup(last, after: manifest, superseded: superseded)
        }
        guard let manifest else { return nil }
        return PreviousBackup(manifest, index: try index(of: manifest, writer), superseded: superseded)
    }

    private static func unfinishedRuns(of database: String, in writer: WriterAccess) throws -> [UnfinishedRun] {
        let unfinished = UnfinishedRuns(writer)
        return try unfinished.runs().compactMap { id in
            do {
                let run: UnfinishedRun = try ManifestCoding.decode(try unfinished.document(of: id), name: "\(id)")
                guard run.format == 1, run.run == id.description, run.database == database else { return nil }
                return run
            } catch let error as any ExplainedError
                where [.corrupt, .wrongKey, .notFound, .unsupportedVersion].contains(error.failureClass)
            { return nil }
        }
    }

    private static func index(of manifest: BackupManifest, _ writer: WriterAccess) throws -> RangeIndex? {
        guard let object = manifest.rangeIndex else { return nil }
        do {
            return RangeIndex(try writer.index(object))
        } catch let error as any ExplainedError
            where [.corrupt, .wrongKey, .notFound, .unsupportedVersion].contains(error.failureClass)
        { return nil }
    }

    /// A table as it is there.
    func table(_ table: TableReading) -> EarlierTable? {
        let oid = table.record.table.oid
        guard let ranges = index?.tables[oid], let chunks = chunks[oid] else { return nil }
        return EarlierTable(chunks: chunks, ranges: ranges)
    }
}
