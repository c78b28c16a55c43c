import SealedStreams

/// Reads the rows of one piece: the store, the seal and the codec in one call chain on the caller's thread.
///
/// Every byte it gives was checked. That the piece is complete is known when ``withNextBytes(_:)`` returned `nil`.
public struct PieceReader: ~Copyable, Sendable {
    private let piece: StoredPiece
    private var decoder: PieceDecoder
    private var source: ObjectSource
    private var bytes = ReusableBuffer(capacity: 1 << 17)
    private var rawBytes = 0

    private init(_ piece: StoredPiece, source: consuming ObjectSource, decoder: consuming PieceDecoder) {
        self.piece = piece
        self.source = source
        self.decoder = decoder
    }

    /// Stands at the beginning of the piece.
    static func open(_ piece: StoredPiece, in source: consuming ObjectSource) throws -> PieceReader {
        let name = piece.object.name
        guard source.header.codec == ObjectTransfer.rowsCodec else {
            throw RepositoryError.unknownCodec(source.header.codec, of: name)
        }
        try skip(piece.offset, of: &source, name: name)
        var decoder = try PieceDecoder(name: name.description)
        decoder.begin(length: piece.length, live: piece.wanted)
        return PieceReader(piece, source: source, decoder: decoder)
    }

    /// Lends the next bytes of the COPY stream; they do not end where rows end.
    ///
    /// - Parameter body: Gets the bytes; valid during the call only.
    /// - Returns: What `body` returns; `nil` at the end, when the piece was found good.
    /// - Throws: `SealedStreamError` or ``RepositoryError`` of the class corrupt, or what `body` throws.
    public mutating func withNextBytes<Result>(_ body: (RawSpan) throws -> Result) throws -> Result? {
        bytes.removeAll()
        guard try decoder.decode(from: &source, into: &bytes) else {
            try checkTotals()
            return nil
        }
        rawBytes += bytes.count
        return try bytes.withBytes(body)
    }

    /// Reads what is left into memory; meant for small pieces.
    ///
    /// - Returns: The bytes.
    /// - Throws: `SealedStreamError` or ``RepositoryError`` of the class corrupt.
    public mutating func readAll() throws -> [UInt8] {
        var all: [UInt8] = []
        while try withNextBytes({ span in unsafe span.withUnsafeBytes { unsafe all.append(contentsOf: $0) } }) != nil {}
        return all
    }

    private mutating func checkTotals() throws {
        guard piece.live != nil || rawBytes == piece.rawBytes, decoder.rows == piece.rows else { throw isAnother }
        // The last piece of an object goes on to its end, where its code stands.
        guard piece.offset + piece.length == piece.object.contentBytes else { return }
        var rest = ReusableBuffer(capacity: 16)
        guard try source.read(upTo: 16, into: &rest) == 0, source.code == piece.object.code else { throw isAnother }
    }

    private var isAnother: RepositoryError {
        .corrupt(piece.object.name.description, "is not the object that the manifest means")
    }

    private static func skip(_ length: Int, of source: inout ObjectSource, name: BlobName) throws {
        var skipped = ReusableBuffer(capacity: 1 << 16)
        var left = length
        while left > 0 {
            let step = try source.read(upTo: min(left, 1 << 16), into: &skipped)
            guard step > 0 else { throw RepositoryError.corrupt(name.description, "ends before a piece of it begins") }
            left -= step
            skipped.removeAll()
        }
    }
}
