import SealedStreams

/// Writes the rows of one worker: pieces of tables, gathered into objects.
///
/// Rows are encoded on the caller's thread, into memory; an object is sealed and stored when it is large enough, because
/// its name is a code of its content. Memory stays bounded by some groups of rows and one object, or the largest row.
public struct RowsWriter: ~Copyable, Sendable {
    /// How long an object's content gets before it is stored, in bytes; a single larger row makes it longer.
    public static let objectBytes = 8 << 20

    private let run: RunWriter
    private var encoder: PieceEncoder
    private var content = ReusableBuffer(capacity: 1 << 20)
    private var pending: [Pending] = []
    private var finished: [[StoredPiece]] = []
    private var shape: (columns: Int, format: CopyFormat)?

    /// A piece whose object is not stored yet.
    private struct Pending {
        let subject: Int
        let offset: Int
        let length: Int
        let rows: Int
        let rawBytes: Int
    }

    init(run: RunWriter) throws {
        self.run = run
        encoder = try PieceEncoder(columns: 0, format: .binary)
    }

    /// Begins some rows of one table.
    ///
    /// - Parameters:
    ///   - columns: How many columns the rows have.
    ///   - format: The format of the COPY that they come from.
    public mutating func begin(columns: Int, format: CopyFormat) {
        precondition(shape == nil, "Rows are begun before the last ones were ended")
        shape = (columns, format)
        encoder.begin(columns: columns, format: format)
        pieceStart = content.count
        finished.append([])
    }

    private var pieceStart = 0

    /// Adds one COPY row, or the header or trailer of the COPY stream.
    ///
    /// - Parameter row: The bytes as the server sent them; valid during the call only.
    /// - Throws: ``RepositoryError`` of the store or `SealedStreamError`; the writer is then of no further use.
    public mutating func write(_ row: RawSpan) throws {
        try encoder.encode(row, into: &content)
        guard content.count >= Self.objectBytes, let shape else { return }
        // Too much for one object: the piece ends here, and another one goes on.
        try endPiece(digest: nil)
        try store()
        encoder.begin(columns: shape.columns, format: shape.format)
        pieceStart = content.count
    }

    /// Ends the rows of a table.
    ///
    /// - Parameter digest: The content digest of the rows since ``begin(columns:format:)``.
    /// - Throws: ``RepositoryError`` of the store or `SealedStreamError`.
    public mutating func end(digest: Int128) throws {
        let isWhole = finished.last?.isEmpty ?? true
        try endPiece(digest: isWhole ? digest : nil)
        shape = nil
        if content.count >= Self.objectBytes { try store() }
    }

    /// Stores what is gathered.
    ///
    /// - Returns: For each ``begin(columns:format:)`` since the last flush, in order, where its rows are; nothing for a
    ///   table without rows.
    /// - Throws: ``RepositoryError`` of the store or `SealedStreamError`.
    public mutating func flush() throws -> [[StoredPiece]] {
        precondition(shape == nil, "Rows were begun and not ended")
        try store()
        let result = finished
        finished = []
        return result
    }

    private mutating func endPiece(digest: Int128?) throws {
        let ranges = digest.map { [PieceRange(rows: encoder.rows, digest: $0)] } ?? []
        let totals = try encoder.finish(ranges: ranges, into: &content)
        guard totals.rows > 0 else {
            // Nothing came: no piece.
            content.removeLast(content.count - pieceStart)
            return
        }
        pending.append(
            Pending(
                subject: finished.count - 1,
                offset: pieceStart,
                length: content.count - pieceStart,
                rows: totals.rows,
                rawBytes: totals.rawBytes
            )
        )
    }

    private mutating func store() throws {
        guard !pending.isEmpty else { return }
        let run = run
        let object = try content.withBytes { try run.store($0, kind: .chunk, codec: ObjectTransfer.rowsCodec) }
        for piece in pending {
            finished[piece.subject].append(
                StoredPiece(
                    object: object,
                    offset: piece.offset,
                    length: piece.length,
                    rows: piece.rows,
                    rawBytes: piece.rawBytes
                )
            )
        }
        pending = []
        content.removeAll()
        pieceStart = 0
    }
}
