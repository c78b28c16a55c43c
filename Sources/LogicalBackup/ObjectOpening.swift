public import ArchiveRepository
import CatalogInspection
import Diagnostics

/// Opens and decodes objects of a repository by the code path of a restore.
public struct ObjectOpening: Sendable {
    /// Some rows in an object, and what they are.
    private struct Part: Sendable, Hashable {
        let piece: StoredPiece
        let format: TableRecord.Format
        let subject: String
    }

    private let reader: ReaderAccess
    private var parts: [BlobName: Set<Part>] = [:]
    private var schemas: [BlobName: StoredObject] = [:]
    private var indexes: [BlobName: StoredObject] = [:]

    /// Learns from manifests what is in which object.
    ///
    /// - Parameters:
    ///   - reader: The right to read.
    ///   - manifests: The backups.
    public init(reader: ReaderAccess, manifests: [BackupManifest]) {
        self.reader = reader
        for manifest in manifests { learn(manifest, whole: false) }
    }

    /// Learns from the manifests of a repository what is in which object.
    ///
    /// A manifest that cannot be read is left out. Of the pieces every row is decoded, whichever backups it counts for.
    ///
    /// - Parameters:
    ///   - reader: The right to read.
    ///   - backups: The backups.
    /// - Throws: ``BackupError`` or `RepositoryError` when the store cannot be read.
    public init(reader: ReaderAccess, backups: [BackupID]) throws {
        self.reader = reader
        for id in backups {
            do {
                learn(try ManifestCoding.decode(try reader.manifest(id), name: id.description), whole: true)
            } catch let error as any ExplainedError
                where [.corrupt, .wrongKey, .unsupportedVersion, .notFound].contains(error.failureClass)
            { continue }
        }
    }

    private mutating func learn(_ manifest: BackupManifest, whole: Bool) {
        for record in manifest.tables {
            learn(record.chunks, record.format, record.table.displayName, whole)
        }
        learn(manifest.largeObjects?.chunks ?? [], .binary, "large objects", whole)
        for object in [manifest.schemaArchive, manifest.schemaSQL] { schemas[object.name] = object }
        if let object = manifest.rangeIndex { indexes[object.name] = object }
    }

    private mutating func learn(
        _ chunks: [ChunkRecord],
        _ format: TableRecord.Format,
        _ subject: String,
        _ whole: Bool
    ) {
        for var piece in chunks.flatMap(\.pieces) {
            if whole { piece.live = nil }
            parts[piece.object.name, default: []].insert(Part(piece: piece, format: format, subject: subject))
        }
    }

    /// Opens an object and decodes every piece of it that a backup needs.
    ///
    /// - Parameter reference: The object.
    /// - Throws: `RepositoryError` or `SealedStreamError` of class corrupt when it is not what its manifests mean.
    public func open(_ reference: ObjectReference) throws { _ = try read(reference.name) }

    /// Opens an object, decodes every piece of it that a backup needs, and counts its rows; the object is fetched once.
    func read(_ name: BlobName) throws -> (rows: Int, bytes: Int) {
        var bytes = 0
        if let schema = schemas[name] { bytes += try reader.schema(schema).count }
        if let index = indexes[name] { bytes += try reader.index(index).count }
        let parts = (parts[name] ?? []).sorted { $0.piece.offset < $1.piece.offset }
        guard let first = parts.first else { return (0, bytes) }
        var rows = 0
        var source = try reader.open(first.piece)
        for (place, part) in parts.enumerated() {
            if place > 0 {
                if source.canGoOn(to: part.piece) {
                    try source.goOn(to: part.piece)
                } else {
                    source = try reader.open(part.piece)
                }
            }
            rows += try Self.count(part, from: &source)
            bytes += part.piece.rawBytes
        }
        try source.finish()
        return (rows, bytes)
    }

    private static func count(_ part: Part, from source: inout PieceReader) throws -> Int {
        var counter = RowCounter(format: part.format)
        while try source.withNextBytes({ counter.take($0) }) != nil {}
        guard counter.isComplete, counter.rows == part.piece.liveRows else {
            throw BackupError(
                code: "verify.rows",
                summary: "\(part.piece.object.name) holds \(counter.rows) rows of \(part.subject); the manifest says"
                    + " \(part.piece.liveRows).",
                remedy: Remedy("This backup cannot be trusted. Make a new one:", command: "wheels-db backup create"),
                failureClass: .corrupt
            )
        }
        return counter.rows
    }
}
