public import SealedStreams

/// Counts and digests the rows of a binary COPY, range by range.
///
/// ```swift
/// var range = RangeDigest(types: types)
/// for message in messages { try range.add(message) }
/// let first = range.take()
/// ```
public struct RangeDigest: ~Copyable, Sendable {
    private var digest: RowDigest
    /// How many rows the range has so far.
    public private(set) var rows = 0
    /// The sum of their digests.
    public private(set) var sum: Int128 = 0

    /// Begins the first range.
    ///
    /// - Parameter types: The number of each column's type, in the order of the COPY, as `ContentDigest` gives them.
    public init(types: [UInt32]) {
        digest = RowDigest(types: types)
    }

    /// Takes one message of a COPY: a row, which the stream's header may precede, or the header or trailer alone.
    ///
    /// - Parameter message: The bytes as the server sent them.
    /// - Throws: `SealedStreamError` of the class corrupt when it is no row of these columns.
    public mutating func add(_ message: RawSpan) throws(SealedStreamError) {
        if let hash = digest.digest(of: message) {
            rows += 1
            sum += Int128(hash)
            return
        }
        var row = message
        if CopyFrame.hasUsualHeader(row) { row = row.extracting(droppingFirst: CopyFrame.header.count) }
        if row.byteCount == 0 || CopyFrame.isTrailer(row) { return }
        guard let hash = digest.digest(of: row) else {
            throw .corrupt("The server's COPY", "has a row that does not have \(digest.columns) columns")
        }
        rows += 1
        sum += Int128(hash)
    }

    /// Ends the range and begins the next one.
    ///
    /// - Returns: The rows since the last range.
    public mutating func take() -> PieceRange {
        defer {
            rows = 0
            sum = 0
        }
        return PieceRange(rows: rows, digest: sum)
    }
}
