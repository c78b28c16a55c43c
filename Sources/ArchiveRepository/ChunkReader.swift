import SealedStreams

/// Reads one object: the store, the seal and the codec in one call chain on the caller's thread.
///
/// Every byte it gives was checked. That the object is complete is known when ``withNextPiece(_:)`` returned `nil`.
public struct ChunkReader: ~Copyable, Sendable {
    private let object: StoredObject
    private var decoder: any ChunkDecoder & ~Copyable & Sendable
    private var source: ObjectSource
    private var piece = ReusableBuffer(capacity: 1 << 17)
    private var rawBytes = 0

    init(
        object: StoredObject,
        decoder: consuming any ChunkDecoder & ~Copyable & Sendable,
        source: consuming ObjectSource
    ) {
        self.object = object
        self.decoder = decoder
        self.source = source
    }

    /// Lends the next bytes of what was written; pieces do not end where rows end.
    ///
    /// - Parameter body: Gets the bytes; valid during the call only.
    /// - Returns: What `body` returns; `nil` at the end, when the whole object was found good.
    /// - Throws: `SealedStreamError` or ``RepositoryError`` of the class corrupt, or what `body` throws.
    public mutating func withNextPiece<Result>(_ body: (RawSpan) throws -> Result) throws -> Result? {
        piece.removeAll()
        guard try decoder.decode(from: &source, into: &piece) else {
            try checkTotals()
            return nil
        }
        rawBytes += piece.count
        return try piece.withBytes(body)
    }

    /// Reads what is left into memory; meant for small objects.
    ///
    /// - Returns: The bytes.
    /// - Throws: `SealedStreamError` or ``RepositoryError`` of the class corrupt.
    public mutating func readAll() throws -> [UInt8] {
        var bytes: [UInt8] = []
        while try withNextPiece({ span in unsafe span.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) } }) != nil
        {}
        return bytes
    }

    private func checkTotals() throws {
        guard rawBytes == object.rawBytes, source.code == object.code else {
            throw RepositoryError.corrupt(object.name.description, "is not the object that the manifest means")
        }
    }
}
