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

    /// Finds the key of the codes that a writer key makes.
    typealias CodeKey = (KeyFingerprint) throws -> SecretKey

    /// Opens an object; every byte that comes out was checked.
    ///
    /// With `code`, another version than the known one is damage unless the object's code holds.
    func source(
        _ name: BlobName,
        kind: SealedObjectKind,
        code: CodeKey? = nil,
        keys: (SealedObjectHeader) throws -> OpeningKeys
    ) throws -> ObjectSource {
        var source = try stored(name)
        let envelope = try SealedEnvelope(from: &source, name: name.description)
        guard envelope.isKnown else {
            if let code { _ = try verify(source, envelope, name, code) }
            throw envelope.unknownVersion(of: name.description)
        }
        let header = try SealedObjectHeader(envelope, name: name.description)
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
        code: CodeKey? = nil,
        keys: (SealedObjectHeader) throws -> OpeningKeys
    ) throws -> [UInt8] {
        var source = try source(name, kind: kind, code: code, keys: keys)
        guard source.header.codec == Self.documentCodec else { throw try Self.unknownCodec(&source, name) }
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
        code: CodeKey
    ) throws -> (header: SealedObjectHeader, storedBytes: Int, code: Digest) {
        var source = try stored(name)
        let envelope = try SealedEnvelope(from: &source, name: name.description)
        let (storedBytes, found) = try verify(source, envelope, name, code)
        return (try SealedObjectHeader(envelope, name: name.description), storedBytes, found)
    }

    /// Says that a codec is not known, once the whole object was found to be as it was written.
    static func unknownCodec(_ source: inout ObjectSource, _ name: BlobName) throws -> RepositoryError {
        var buffer = ReusableBuffer(capacity: 1 << 16)
        while try source.read(upTo: 1 << 16, into: &buffer) > 0 { buffer.removeAll() }
        return .unknownCodec(source.header.codec, of: name)
    }

    private func stored(_ name: BlobName) throws -> BlobSource {
        do { return try store.get(name, range: nil) } catch let error as RepositoryError
            where error.failureClass == .notFound
        {
            throw RepositoryError.missing(name, from: store.location)
        }
    }

    private func verify(
        _ source: consuming BlobSource,
        _ envelope: SealedEnvelope,
        _ name: BlobName,
        _ code: CodeKey
    ) throws -> (storedBytes: Int, code: Digest) {
        try SealedObjectCheck.verify(
            source, envelope: envelope, name: name.description, codeKey: try code(envelope.writer))
    }
}
