import SealedStreams

/// Reads the rows of pieces of one object: the store, the seal and the codec in one call chain on the caller's thread.
///
/// The object is fetched once, however many of its pieces are read. Every byte it gives was checked. That a piece is
/// complete is known when ``withNextBytes(_:)`` returned `nil`; after that ``goOn(to:digesting:)`` begins another one.
public struct PieceReader: ~Copyable, Sendable {
    private var piece: StoredPiece
    private var decoder: PieceDecoder
    private var source: ObjectSource
    private var bytes = ReusableBuffer(capacity: 1 << 17)
    private var rawBytes = 0
    /// Where the source stands in the object's content, between two pieces.
    private var position: Int

    private init(_ piece: StoredPiece, source: consuming ObjectSource, decoder: consuming PieceDecoder) {
        self.piece = piece
        self.source = source
        self.decoder = decoder
        position = 0
    }

    /// Stands at the beginning of the piece.
    static func open(
        _ piece: StoredPiece,
        digesting types: [UInt32]?,
        in source: consuming ObjectSource
    ) throws -> PieceReader {
        let name = piece.object.name
        guard source.header.codec == ObjectTransfer.rowsCodec else {
            throw try ObjectTransfer.unknownCodec(&source, name)
        }
        var reader = PieceReader(piece, source: source, decoder: try PieceDecoder(name: name.description))
        try reader.begin(piece, digesting: types)
        return reader
    }

    /// Whether a piece can be read by going on: it is of the same object, and stands behind what was read.
    ///
    /// - Parameter next: The piece.
    /// - Returns: `false` when it takes another reader.
    public func canGoOn(to next: StoredPiece) -> Bool {
        next.object == piece.object && next.offset >= position
    }

    /// Begins another piece, after the last one was read to its end.
    ///
    /// - Parameters:
    ///   - next: One that ``canGoOn(to:)`` allows.
    ///   - types: As for ``ReaderAccess/open(_:digesting:)``.
    /// - Throws: `SealedStreamError` or ``RepositoryError`` of the class corrupt.
    public mutating func goOn(to next: StoredPiece, digesting types: [UInt32]? = nil) throws {
        precondition(canGoOn(to: next), "This piece takes a reader of its own")
        try begin(next, digesting: types)
    }

    /// The content digest of the rows that count, when the piece was read to its end and begun with their types.
    public var digest: Int128? { decoder.digest }

    private mutating func begin(_ next: StoredPiece, digesting types: [UInt32]?) throws {
        try skip(next.offset - position)
        piece = next
        rawBytes = 0
        // The decoder reads exactly this much, or throws.
        position = next.offset + next.length
        decoder.begin(length: next.length, live: next.wanted, digesting: types)
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

    /// Reads the object to its end, without decoding what is left, and compares its code with the manifest's.
    ///
    /// - Throws: `SealedStreamError` or ``RepositoryError`` of the class corrupt.
    public mutating func finish() throws {
        var rest = ReusableBuffer(capacity: 1 << 16)
        var length = position
        while case let step = try source.read(upTo: 1 << 16, into: &rest), step > 0 {
            length += step
            rest.removeAll()
        }
        guard length == piece.object.contentBytes, source.code == piece.object.code else { throw isAnother }
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

    private mutating func skip(_ length: Int) throws {
        var skipped = ReusableBuffer(capacity: 1 << 16)
        var left = length
        while left > 0 {
            let step = try source.read(upTo: min(left, 1 << 16), into: &skipped)
            guard step > 0 else {
                throw RepositoryError.corrupt(piece.object.name.description, "ends before a piece of it begins")
            }
            left -= step
            skipped.removeAll()
        }
    }
}
