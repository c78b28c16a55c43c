import Diagnostics
import SealedStreams

/// Where the content of an object goes: the sealed object that is being stored.
typealias ObjectSink = SealingSink<BlobSink>
/// Where the content of an object comes from: opened and checked.
typealias ObjectSource = OpeningSource<BlobSource>

/// Whole objects: sealed and stored, read and opened.
struct ObjectTransfer {
    /// The content of an object is one zstd frame: schemas, manifests, claims and marks.
    static let documentCodec: UInt8 = 0
    /// The content of an object is pieces of rows.
    static let rowsCodec: UInt8 = 1

    let store: any BlobStore

    /// Stores content that is ready.
    func put(
        _ content: RawSpan,
        as name: BlobName,
        kind: SealedObjectKind,
        codec: UInt8,
        keys: SealingKeys
    ) throws -> SealedTotals {
        var sink = try ObjectSink(
            try store.put(name),
            name: name.description,
            kind: kind,
            codec: codec,
            keys: keys
        )
        try sink.write(content)
        return try sink.finishObject()
    }

    /// Opens an object; every byte that comes out was checked.
    func source(
        _ name: BlobName,
        kind: SealedObjectKind,
        keys: (SealedObjectHeader) throws -> OpeningKeys
    ) throws -> ObjectSource {
        var source: BlobSource
        do { source = try store.get(name, range: nil) } catch let error as RepositoryError
        where error.failureClass == .notFound {
            throw RepositoryError.corrupt(name.description, "is missing from \(store.location)")
        }
        let header = try SealedObjectHeader(from: &source, name: name.description)
        let opening = try keys(header)
        return try ObjectSource(source, header: header, name: name.description, kind: kind, keys: opening)
    }

    /// Compresses and stores a document.
    func putDocument(
        _ content: [UInt8],
        as name: BlobName,
        kind: SealedObjectKind,
        keys: SealingKeys
    ) throws -> SealedTotals {
        var frame = ReusableBuffer(capacity: content.count / 2 + 64)
        var encoder = try ZstdEncoder()
        try unsafe encoder.appendFrame(of: content.span.bytes, to: &frame)
        return try frame.withBytes {
            try put($0, as: name, kind: kind, codec: Self.documentCodec, keys: keys)
        }
    }

    /// Reads a document to its end; nothing is returned before its last byte is checked.
    func document(
        _ name: BlobName,
        kind: SealedObjectKind,
        keys: (SealedObjectHeader) throws -> OpeningKeys
    ) throws -> [UInt8] {
        var source = try source(name, kind: kind, keys: keys)
        guard source.header.codec == Self.documentCodec else {
            throw RepositoryError.unknownCodec(source.header.codec, of: name)
        }
        var decoder = try ZstdDecoder(name: name.description)
        var content = ReusableBuffer(capacity: 1 << 17)
        while try decoder.read(from: &source, into: &content) > 0 {}
        return content.array
    }

    /// Checks an object by its code alone, which takes no data key.
    ///
    /// - Returns: The object as a manifest would note it, with its header.
    func check(
        _ name: BlobName,
        code: (KeyFingerprint) throws -> SecretKey
    ) throws -> (header: SealedObjectHeader, storedBytes: Int, code: Digest) {
        var source: BlobSource
        do { source = try store.get(name, range: nil) } catch let error as RepositoryError
        where error.failureClass == .notFound {
            throw RepositoryError.corrupt(name.description, "is missing from \(store.location)")
        }
        let header = try SealedObjectHeader(from: &source, name: name.description)
        let (stored, found) = try SealedObjectCheck.verify(
            source, header: header, name: name.description, codeKey: try code(header.writer))
        return (header, stored, found)
    }
}
