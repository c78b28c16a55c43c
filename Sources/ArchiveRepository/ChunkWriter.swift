import SealedStreams

/// Writes one object: rows go through the codec, the seal and the store in one call chain on the caller's thread.
///
/// A writer that goes away without ``finish()`` leaves nothing in the repository.
public struct ChunkWriter: ~Copyable, Sendable {
    /// Where the object will be.
    public let name: BlobName
    private var encoder: any ChunkEncoder & ~Copyable & Sendable
    private var sink: ObjectSink
    private var rawBytes = 0

    init(
        name: BlobName,
        encoder: consuming any ChunkEncoder & ~Copyable & Sendable,
        sink: consuming ObjectSink
    ) {
        self.name = name
        self.encoder = encoder
        self.sink = sink
    }

    /// Adds one COPY row, or the header or trailer of the COPY stream.
    ///
    /// - Parameter row: The bytes as the server sent them; valid during the call only.
    /// - Throws: ``RepositoryError`` of the store or `SealedStreamError`; the writer is then of no further use.
    public mutating func write(_ row: RawSpan) throws {
        try encoder.encode(row, into: &sink)
        rawBytes += row.byteCount
    }

    /// Adds one COPY row, or the header or trailer of the COPY stream.
    ///
    /// - Parameter row: The bytes as the server sent them.
    /// - Throws: ``RepositoryError`` of the store or `SealedStreamError`; the writer is then of no further use.
    public mutating func write(_ row: [UInt8]) throws {
        try unsafe write(row.span.bytes)
    }

    /// Makes the object exist.
    ///
    /// - Returns: What to note in the manifest.
    /// - Throws: ``RepositoryError`` of the store or `SealedStreamError`; then there is no object.
    public consuming func finish() throws -> StoredObject {
        try encoder.finish(into: &sink)
        let name = name
        let rawBytes = rawBytes
        let totals = try sink.finishObject()
        return StoredObject(name: name, storedBytes: totals.storedBytes, rawBytes: rawBytes, code: totals.code)
    }
}
