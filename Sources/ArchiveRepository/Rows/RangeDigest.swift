public import SealedStreams

/// Counts and digests the rows of a binary COPY, range by range, equal to the server's content digest.
///
/// The server hashes `record_send(row(…))`: the number of columns (4 bytes), then for each column the number of its type,
/// the length of its value and the value. A row of binary COPY has the number of columns (2 bytes), lengths and values; so
/// the types are all that is missing. The digest of many rows is the exact sum of theirs.
///
/// ```swift
/// var range = RangeDigest(types: types)
/// for message in messages { try range.add(message) }
/// let first = range.take()
/// ```
public struct RangeDigest: ~Copyable, Sendable {
    private var images: RowImages
    private var sum: Int128 = 0
    /// How many rows the range has so far.
    public private(set) var rows = 0

    /// Begins the first range.
    ///
    /// - Parameter types: The number of each column's type, in the order of the COPY, as `ContentDigest` gives them.
    public init(types: [UInt32]) {
        images = RowImages(types: types)
    }

    /// Takes one message of a COPY: a row, which the stream's header may precede, or the header or trailer alone.
    ///
    /// - Parameter message: The bytes as the server sent them.
    /// - Throws: `SealedStreamError` of the class corrupt when it is no row of these columns.
    public mutating func add(_ message: RawSpan) throws(SealedStreamError) {
        if unsafe message.withUnsafeBytes({ unsafe addRow($0) }) { return }
        var row = message
        if CopyFrame.hasUsualHeader(row) { row = row.extracting(droppingFirst: CopyFrame.header.count) }
        if row.byteCount == 0 || CopyFrame.isTrailer(row) { return }
        guard unsafe row.withUnsafeBytes({ unsafe addRow($0) }) else {
            throw .corrupt("The server's COPY", "has a row that does not have \(images.types.count) columns")
        }
    }

    /// Ends the range and begins the next one.
    ///
    /// - Returns: The rows since the last range.
    public mutating func take() -> PieceRange {
        addHashes()
        defer {
            rows = 0
            sum = 0
        }
        return PieceRange(rows: rows, digest: sum)
    }

    @inline(__always)
    private mutating func addRow(_ row: UnsafeRawBufferPointer) -> Bool {
        if images.canWait(rowLength: row.count) {
            guard unsafe images.add(row) else { return false }
            if images.count == RowImages.lanes { addHashes() }
        } else {
            var running = RunningRowDigest(types: images.types, rowLength: row.count)
            unsafe running.add(row)
            guard let hash = running.value else { return false }
            sum += Int128(hash)
        }
        rows += 1
        return true
    }

    private mutating func addHashes() {
        for index in 0..<images.hash() { sum += Int128(Int64(bitPattern: images.hashes[index])) }
    }
}
