import SealedStreams

/// Writes the rows of one worker: pieces of tables, gathered into objects.
///
/// Rows are encoded on the caller's thread, into memory; an object is sealed and stored when it is large enough, because
/// its name is a code of its content. Memory stays bounded by some groups of rows and one object, or the largest row.
public struct RowsWriter: ~Copyable, Sendable {
    /// How long an object's content gets before it is stored, in bytes; a single larger row makes it longer.
    public static let objectBytes = 8 << 20

    /// A table whose rows take so many bytes has an object of its own: large values are not stored again because the small
    /// table beside them has changed.
    static let lonelyBytes = 256 << 10

    private let run: RunWriter
    private var encoder: PieceEncoder
    private var content = ReusableBuffer(capacity: 1 << 20)
    private var pending: [Pending] = []
    private var finished: [WrittenRows] = []
    private var shape: (columns: Int, format: CopyFormat)?
    private var cursor = RangeCursor(PlannedRanges(rows: [], digests: .given([])))
    private var pieceStart = 0

    /// A piece whose object is not stored yet.
    private struct Pending {
        let subject: Int
        var offset: Int
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
    ///   - ranges: The ranges that the rows belong to, in the order in which they come.
    public mutating func begin(columns: Int, format: CopyFormat, ranges: PlannedRanges) {
        precondition(shape == nil, "Rows are begun before the last ones were ended")
        shape = (columns, format)
        cursor = RangeCursor(ranges)
        encoder.begin(columns: columns, format: format)
        pieceStart = content.count
        finished.append(WrittenRows())
    }

    /// Adds one COPY row, or the header or trailer of the COPY stream.
    ///
    /// - Parameter message: The bytes as the server sent them; valid during the call only.
    /// - Throws: ``RepositoryError`` of the store or `SealedStreamError`; the writer is then of no further use.
    public mutating func write(_ message: RawSpan) throws {
        guard let shape else { preconditionFailure("Rows are written that were not begun") }
        var row = message
        if shape.format == .binary, try !CopyFrame.stripHeader(of: &row) { return }
        cursor.take(row)
        try encoder.encodeRow(row, into: &content)
        guard content.count >= Self.objectBytes else { return }
        // Too much for one object: the piece ends here, and another one goes on.
        try endPiece()
        try store()
        encoder.begin(columns: shape.columns, format: shape.format)
        pieceStart = content.count
    }

    /// Ends the rows of a table.
    ///
    /// - Returns: Whether as many rows came as were announced for the ranges; if not, nothing of this writer may be used.
    /// - Throws: ``RepositoryError`` of the store or `SealedStreamError`.
    public mutating func end() throws -> Bool {
        let start = pieceStart
        try endPiece()
        finished[finished.count - 1].digests = cursor.digests
        shape = nil
        if content.count - start >= Self.lonelyBytes {
            try store(pending.count - 1, upTo: start)
            try store()
        } else if content.count >= Self.objectBytes {
            try store()
        }
        return cursor.isComplete
    }

    /// Stores what is gathered.
    ///
    /// - Returns: For each ``begin(columns:format:ranges:)`` since the last flush, in order, where its rows are.
    /// - Throws: ``RepositoryError`` of the store or `SealedStreamError`.
    public mutating func flush() throws -> [WrittenRows] {
        precondition(shape == nil, "Rows were begun and not ended")
        try store()
        let result = finished
        finished = []
        return result
    }

    private mutating func endPiece() throws {
        let (ranges, runs) = cursor.endPiece()
        let totals = try encoder.finish(ranges: cursor.isBroken ? [] : ranges, into: &content)
        guard totals.rows > 0 else {
            // Nothing came: no piece.
            content.removeLast(content.count - pieceStart)
            return
        }
        finished[finished.count - 1].runs.append(runs)
        pending.append(
            Pending(
                subject: finished.count - 1,
                offset: pieceStart,
                length: content.count - pieceStart,
                rows: totals.rows,
                rawBytes: totals.rawBytes
            )
        )
        // Small tables share an object: what comes next begins behind this piece.
        pieceStart = content.count
    }

    private mutating func store() throws { try store(pending.count, upTo: content.count) }

    /// Stores the first pieces as one object.
    private mutating func store(_ count: Int, upTo end: Int) throws {
        guard count > 0 else { return }
        let run = run
        let object = try content.withBytes {
            try run.store($0.extracting(first: end), kind: .chunk, codec: ObjectTransfer.rowsCodec)
        }
        for piece in pending.prefix(count) {
            finished[piece.subject].pieces.append(
                StoredPiece(
                    object: object,
                    offset: piece.offset,
                    length: piece.length,
                    rows: piece.rows,
                    rawBytes: piece.rawBytes
                )
            )
        }
        pending.removeFirst(count)
        for index in pending.indices { pending[index].offset -= end }
        content.removeFirst(end)
        pieceStart = content.count
    }
}
