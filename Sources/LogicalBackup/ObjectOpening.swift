public import ArchiveRepository
import Diagnostics

/// Opens and decodes objects of a repository by the code path of a restore.
public struct ObjectOpening: Sendable {
    private let reader: ReaderAccess
    private let pieces: [BlobName: Set<StoredPiece>]
    private let schemas: [BlobName: StoredObject]

    /// Learns from all manifests what is in which object.
    ///
    /// A manifest that cannot be read is left out.
    ///
    /// - Parameters:
    ///   - reader: The right to read.
    ///   - backups: The backups.
    /// - Throws: ``BackupError`` or `RepositoryError` when the store cannot be read.
    public init(reader: ReaderAccess, backups: [BackupID]) throws {
        self.reader = reader
        var pieces: [BlobName: Set<StoredPiece>] = [:]
        var schemas: [BlobName: StoredObject] = [:]
        for id in backups {
            let manifest: BackupManifest
            do {
                manifest = try ManifestCoding.decode(try reader.manifest(id), name: id.description)
            } catch let error as any ExplainedError
                where [.corrupt, .wrongKey, .unsupportedVersion, .notFound].contains(error.failureClass)
            { continue }
            let chunks = manifest.tables.flatMap(\.chunks) + (manifest.largeObjects?.chunks ?? [])
            for piece in chunks.flatMap(\.pieces) { pieces[piece.object.name, default: []].insert(piece) }
            for object in [manifest.schemaArchive, manifest.schemaSQL] { schemas[object.name] = object }
        }
        self.pieces = pieces
        self.schemas = schemas
    }

    /// Opens an object and decodes every piece of it that a backup needs.
    ///
    /// - Parameter reference: The object.
    /// - Throws: `RepositoryError` or `SealedStreamError` of class corrupt when it is not what its manifests mean.
    public func open(_ reference: ObjectReference) throws {
        if let schema = schemas[reference.name] { _ = try reader.schema(schema) }
        for piece in (pieces[reference.name] ?? []).sorted(by: { $0.offset < $1.offset }) {
            var rows = try reader.open(piece)
            while try rows.withNextBytes({ _ in true }) != nil {}
        }
    }
}
