public import SealedStreams

/// Turns the rows of a COPY into a piece: bytes from which ``PieceDecoder`` gives back exactly that COPY.
///
/// Rows in binary format are taken apart into columns and gathered into groups of about 8 MiB, so memory is bounded by
/// about twice a group, whatever the size of the table. Rows in text format are kept as they are. One encoder makes one
/// piece after the other; it is used by one thread at a time.
///
/// ```swift
/// var encoder = try PieceEncoder(columns: 3, format: .binary)
/// for message in messages { try encoder.encode(message, into: &content) }
/// let totals = try encoder.finish(ranges: [PieceRange(rows: rows, digest: digest)], into: &content)
/// ```
public struct PieceEncoder: ~Copyable, Sendable {
    private var groups: GroupEncoder
    private var columnar: GroupBuffer
    private var verbatim = RowBuffer()
    private var format: CopyFormat
    private var hasBegun = false
    /// How many rows the piece has so far.
    public private(set) var rows = 0
    private var rawBytes = 0

    /// Sets up an encoder and begins the first piece.
    ///
    /// - Parameters:
    ///   - columns: How many columns the rows have, at most 1,664.
    ///   - format: The format of the COPY.
    ///   - level: The zstd level for text and other long values.
    /// - Throws: `SealedStreamError` when there is not enough memory.
    public init(
        columns: Int,
        format: CopyFormat,
        level: Int = ZstdEncoder.standardLevel
    ) throws(SealedStreamError) {
        self.level = level
        groups = try GroupEncoder(level: level)
        columnar = GroupBuffer(columns: format == .binary ? Self.checked(columns) : 0)
        self.format = format
        self.columns = Self.checked(columns)
    }
    private var columns: Int
    private let level: Int
    /// The coders keep memory of an earlier, larger table.
    private var isWorn = false

    /// How many bytes of rows wait for their group to be full.
    public var bufferedBytes: Int { columnar.rawBytes + verbatim.byteCount }

    /// Begins another piece; rows that were not finished are forgotten.
    ///
    /// - Parameters:
    ///   - columns: How many columns the rows have, at most 1,664.
    ///   - format: The format of the COPY.
    public mutating func begin(columns: Int, format: CopyFormat) {
        self.columns = Self.checked(columns)
        self.format = format
        columnar.removeAll()
        if format == .binary, columnar.columnCount != columns || columnar.memory > 3 * PieceFormat.groupBytes {
            // What a large table needed is of no use to the next one, which needs it elsewhere.
            isWorn = isWorn || columnar.memory > PieceFormat.groupBytes / 2
            columnar = GroupBuffer(columns: columns)
        }
        verbatim.removeAll()
        hasBegun = false
        rows = 0
        rawBytes = 0
    }

    /// Takes one message of a COPY.
    ///
    /// In binary format the header may stand before the first row, alone, or be missing, when the rows go on from another
    /// piece; so may the trailer. They are not kept: every piece is a whole COPY again when it is decoded.
    ///
    /// - Parameters:
    ///   - message: A row as the server sent it; valid during the call only.
    ///   - content: Gets a group when one is full.
    /// - Throws: `SealedStreamError` when libzstd fails, or when the header is not the one that PostgreSQL writes.
    public mutating func encode(_ message: RawSpan, into content: inout ReusableBuffer) throws(SealedStreamError) {
        var row = message
        if format == .binary, try !CopyFrame.stripHeader(of: &row) { return }
        try add(row, into: &content)
    }

    /// Takes one row, without anything around it.
    ///
    /// - Parameters:
    ///   - row: The row; valid during the call only.
    ///   - content: Gets a group when one is full.
    /// - Throws: `SealedStreamError` when libzstd fails.
    public mutating func encodeRow(_ row: RawSpan, into content: inout ReusableBuffer) throws(SealedStreamError) {
        try add(row, into: &content)
    }

    /// Ends the piece.
    ///
    /// - Parameters:
    ///   - ranges: The ranges of the rows, in order. They hold every row, or there are none.
    ///   - content: Gets the rest of the piece.
    /// - Returns: What the piece holds.
    /// - Throws: `SealedStreamError` when libzstd fails, or when the ranges do not hold the rows that came.
    public mutating func finish(
        ranges: [PieceRange],
        into content: inout ReusableBuffer
    ) throws(SealedStreamError) -> PieceTotals {
        try flush(into: &content)
        let ranged = ranges.reduce(0) { $0 + $1.rows }
        guard ranges.isEmpty || ranged == rows else {
            throw .corrupt("A piece", "has \(rows) rows, and its ranges have \(ranged)")
        }
        beginIfNeeded(&content)
        content.append(uint32: 0)
        content.append(uint32: ranges.count)
        for range in ranges {
            content.append(uint32: range.rows)
            let digest = UInt128(bitPattern: range.digest)
            content.append((0..<16).map { UInt8(truncatingIfNeeded: digest >> (8 * $0)) })
        }
        let frame = format == .binary ? CopyFrame.header.count + CopyFrame.trailer.count : 0
        let totals = PieceTotals(rows: rows, rawBytes: rawBytes + frame)
        begin(columns: columns, format: format)
        return totals
    }

    // MARK: Groups

    private mutating func add(_ row: RawSpan, into content: inout ReusableBuffer) throws(SealedStreamError) {
        let length = row.byteCount
        precondition(length <= PieceFormat.longestRow, "A message of the protocol is shorter than 2 GiB")
        if length > PieceFormat.largeRow {
            try flush(into: &content)
            beginIfNeeded(&content)
            try groups.write(row: row, to: &content)
        } else {
            if columnar.rawBytes + length > PieceFormat.groupBytes || columnar.rows == PieceFormat.groupRows {
                try flush(into: &content)
            }
            if format == .binary, verbatim.count > 0 { try flush(into: &content) }
            // The usual way ends with the first half of this condition.
            if format == .text || !columnar.add(row) { try addVerbatim(row, into: &content) }
        }
        rows += 1
        rawBytes += length
    }

    /// Keeps a row as it is: text, or what is no row of this many columns.
    private mutating func addVerbatim(_ row: RawSpan, into content: inout ReusableBuffer) throws(SealedStreamError) {
        if columnar.rows > 0 || verbatim.byteCount + row.byteCount > PieceFormat.partBytes
            || verbatim.count == PieceFormat.groupRows
        {
            try flush(into: &content)
        }
        verbatim.add(row)
    }

    private mutating func flush(into content: inout ReusableBuffer) throws(SealedStreamError) {
        guard columnar.rows > 0 || verbatim.count > 0 else { return }
        if isWorn { groups = try GroupEncoder(level: level) }
        isWorn = false
        beginIfNeeded(&content)
        if columnar.rows > 0 {
            try groups.write(columnar, to: &content)
            columnar.removeAll()
        } else {
            try groups.write(verbatim, to: &content)
            verbatim.removeAll()
        }
    }

    private mutating func beginIfNeeded(_ content: inout ReusableBuffer) {
        guard !hasBegun else { return }
        hasBegun = true
        content.append(byte: format == .binary ? PieceFormat.templateCodec : PieceFormat.verbatimCodec)
        content.append(byte: format.rawValue)
        content.append(byte: UInt8(columns & 0xff))
        content.append(byte: UInt8(columns >> 8))
    }

    private static func checked(_ columns: Int) -> Int {
        precondition((0...PieceFormat.mostColumns).contains(columns), "A table has at most 1,664 columns")
        return columns
    }
}
