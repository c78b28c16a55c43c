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
        /// The types by which the content digest is computed, where it can be.
        let types: [UInt32]?
    }

    private let reader: ReaderAccess
    private var parts: [BlobName: Set<Part>] = [:]
    private var schemas: [BlobName: StoredObject] = [:]
    private var indexes: [BlobName: StoredObject] = [:]
    private let onlyLive: Bool

    /// Learns from a manifest what is in which object; rows that do not count in it are left out.
    ///
    /// - Parameters:
    ///   - reader: The right to read.
    ///   - manifest: The backup.
    public init(reader: ReaderAccess, manifest: BackupManifest) {
        self.reader = reader
        onlyLive = true
        learn(manifest)
    }

    /// Learns from the manifests of a repository what is in which object.
    ///
    /// A manifest that cannot be read is left out.
    ///
    /// - Parameters:
    ///   - reader: The right to read.
    ///   - backups: The backups.
    /// - Throws: ``BackupError`` or `RepositoryError` when the store cannot be read.
    public init(reader: ReaderAccess, backups: [BackupID]) throws {
        self.reader = reader
        onlyLive = false
        for id in backups {
            do { learn(try ManifestCoding.decode(try reader.manifest(id), name: id.description)) } catch let error
                as any ExplainedError
                where [.corrupt, .wrongKey, .unsupportedVersion, .notFound].contains(error.failureClass)
            { continue }
        }
    }

    private mutating func learn(_ manifest: BackupManifest) {
        for record in manifest.tables {
            for piece in record.chunks.flatMap(\.pieces) {
                learn(piece, record.format, record.table.displayName, record.digestTypes)
            }
        }
        for piece in (manifest.largeObjects?.chunks ?? []).flatMap(\.pieces) {
            learn(piece, .binary, "large objects", nil)
        }
        for object in [manifest.schemaArchive, manifest.schemaSQL] { schemas[object.name] = object }
        if let index = manifest.rangeIndex { indexes[index.name] = index }
    }

    private mutating func learn(
        _ piece: StoredPiece,
        _ format: TableRecord.Format,
        _ subject: String,
        _ types: [UInt32]?
    ) {
        var piece = piece
        // Of several backups, each has its own rows that count: the piece is read as a whole, once.
        if !onlyLive { piece.live = nil }
        parts[piece.object.name, default: []].insert(
            Part(piece: piece, format: format, subject: subject, types: types))
    }

    /// Opens an object and decodes every piece of it that a backup needs.
    ///
    /// - Parameter reference: The object.
    /// - Throws: `RepositoryError` or `SealedStreamError` of class corrupt when it is not what its manifests mean.
    public func open(_ reference: ObjectReference) throws { _ = try read(reference.name) }

    /// Opens an object, decodes every piece of it that a backup needs, and counts its rows; the object is fetched once.
    func read(_ name: BlobName) throws -> ObjectContent {
        var content = ObjectContent()
        if let schema = schemas[name] { content.bytes += try reader.schema(schema).count }
        if let index = indexes[name] { content.bytes += try openIndex(index) }
        let parts = (parts[name] ?? []).sorted { $0.piece.offset < $1.piece.offset }
        guard let first = parts.first else { return content }
        var source = try reader.open(first.piece, digesting: first.types)
        for (place, part) in parts.enumerated() {
            if place > 0 {
                if source.canGoOn(to: part.piece) {
                    try source.goOn(to: part.piece, digesting: part.types)
                } else {
                    source = try reader.open(part.piece, digesting: part.types)
                }
            }
            let rows = try Self.count(part, from: &source)
            let sum = content.tables[part.subject, default: (0, 0)]
            content.tables[part.subject] = (sum.rows + rows, sum.digest + (source.digest ?? 0))
            content.rows += rows
            content.bytes += part.piece.rawBytes
        }
        try source.finish()
        return content
    }

    private func openIndex(_ index: StoredObject) throws -> Int {
        let bytes = try reader.index(index).count
        guard try reader.check(index.name).code == index.code else {
            throw BackupError(
                code: "verify.another-object",
                summary: "\(index.name) is a sealed object, and not the one that the manifest means.",
                failureClass: .corrupt
            )
        }
        return bytes
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
