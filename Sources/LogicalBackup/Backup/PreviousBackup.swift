import ArchiveRepository
import CatalogInspection
import Diagnostics
import PostgresTypes

/// The newest backup that the writer key opens: what it names need not be stored again, and what has not changed since
/// need not be read again.
struct PreviousBackup: Sendable {
    /// Its manifest.
    let manifest: BackupManifest
    /// Its ranges; `nil` when they cannot be read, which only costs that everything is read.
    let index: RangeIndex?
    private let chunks: [OID: [ChunkRecord]]

    private init(manifest: BackupManifest, index: RangeIndex?) {
        self.manifest = manifest
        self.index = index
        chunks = Dictionary(manifest.tables.map { ($0.table.oid, $0.chunks) }) { first, _ in first }
    }

    /// Its name.
    var backup: String { manifest.backup }
    /// Its objects, but not an index that cannot be read: the same ranges would make it again under the same name.
    var objects: [StoredObject] { manifest.objects.filter { index != nil || $0 != manifest.rangeIndex } }
    /// The files that open them.
    var keyFiles: [KeyFile] { manifest.keyFiles }

    /// Finds it.
    ///
    /// One that is damaged, or sealed by other keys, only costs what it would have saved.
    ///
    /// - Throws: `RepositoryError` when the store cannot be read.
    static func newest(in writer: WriterAccess) throws -> PreviousBackup? {
        let catalog = BackupCatalog(repository: writer.repository, access: writer)
        guard let manifest = try catalog.newestThatOpens() else { return nil }
        return PreviousBackup(manifest: manifest, index: try index(of: manifest, writer))
    }

    private static func index(of manifest: BackupManifest, _ writer: WriterAccess) throws -> RangeIndex? {
        guard let object = manifest.rangeIndex else { return nil }
        do {
            return RangeIndex(try writer.index(object))
        } catch let error as any ExplainedError
            where [.corrupt, .wrongKey, .notFound, .unsupportedVersion].contains(error.failureClass)
        { return nil }
    }

    /// A table as this backup has it.
    func table(_ table: TableReading) -> EarlierTable? {
        let oid = table.record.table.oid
        guard let ranges = index?.tables[oid],
            let chunks = table.isLargeObjects ? manifest.largeObjects?.chunks : chunks[oid]
        else { return nil }
        return EarlierTable(chunks: chunks, ranges: ranges)
    }
}
