/// The ranges of a table whose rows come next: how many rows each has, and how their contents are digested.
public struct PlannedRanges: Sendable {
    /// Where the content digests come from.
    public enum Digests: Sendable {
        /// From the rows, in binary format: the OIDs of the columns' types as ``RangeDigest`` takes them.
        case ofRows(types: [UInt32])
        /// From the server: one for each range.
        case given([Int128])
    }

    /// How many rows each range has, in the order in which they come; a range may have none.
    public let rows: [Int]
    /// Where the content digests come from.
    public let digests: Digests

    /// Some ranges.
    ///
    /// - Parameters:
    ///   - rows: How many rows each range has.
    ///   - digests: Where the content digests come from.
    public init(rows: [Int], digests: Digests) {
        if case .given(let given) = digests { precondition(given.count == rows.count, "Each range has a digest") }
        self.rows = rows
        self.digests = digests
    }
}

/// Neighbouring rows of a piece that belong to one range; a range that is cut by the end of an object has several.
public struct RangeRun: Sendable, Hashable {
    /// The place of the range among those that were begun.
    public let range: Int
    /// How many rows.
    public let rows: Int
}

/// Where the rows that were begun together are.
public struct WrittenRows: Sendable {
    /// The pieces in the order of the rows; none where there were no rows.
    public internal(set) var pieces: [StoredPiece] = []
    /// For each piece, which ranges its rows belong to, in their order.
    public internal(set) var runs: [[RangeRun]] = []
    /// The content digest of each range.
    public internal(set) var digests: [Int128] = []
}

/// Tells rows apart by the range that they belong to, and adds up the digest of each.
struct RangeCursor: ~Copyable, Sendable {
    private let planned: PlannedRanges
    private let digestsRows: Bool
    private var digest: RangeDigest
    private var range = 0
    /// Rows of the range so far, in this and in earlier pieces.
    private var rowsOfRange = 0
    /// The first of them that is in this piece.
    private var firstOfPiece = 0
    private(set) var digests: [Int128]
    private var runs: [(run: RangeRun, digest: Int128)] = []
    /// A range that is cut has no digest of each part when the server gave the digest of the whole.
    private var hasCut = false
    /// What came is not what was announced: more rows, or something that is no row of these columns.
    private(set) var isBroken = false

    init(_ planned: PlannedRanges) {
        self.planned = planned
        switch planned.digests {
        case .ofRows(let types):
            digest = RangeDigest(types: types)
            digestsRows = true
            digests = Array(repeating: 0, count: planned.rows.count)
        case .given(let given):
            digest = RangeDigest(types: [])
            digestsRows = false
            digests = given
        }
    }

    /// Whether every row that was announced has come, and no other.
    var isComplete: Bool {
        !isBroken && (range == planned.rows.count || planned.rows[range] == rowsOfRange)
            && planned.rows.dropFirst(range + 1).allSatisfy { $0 == 0 }
    }

    /// Takes the next row.
    mutating func take(_ row: RawSpan) {
        while range < planned.rows.count, rowsOfRange == planned.rows[range] { nextRange() }
        guard range < planned.rows.count else {
            isBroken = true
            return
        }
        rowsOfRange += 1
        guard digestsRows else { return }
        do { try digest.add(row) } catch { isBroken = true }
    }

    private mutating func nextRange() {
        endRun()
        range += 1
        rowsOfRange = 0
        firstOfPiece = 0
    }

    private mutating func endRun() {
        guard range < planned.rows.count, rowsOfRange > firstOfPiece else { return }
        // The server gave the digest of the whole range.
        let ofRun = digestsRows ? digest.take().digest : digests[range]
        if digestsRows { digests[range] += ofRun }
        runs.append((RangeRun(range: range, rows: rowsOfRange - firstOfPiece), ofRun))
    }

    /// Ends the piece: its ranges as the container notes them, and the runs of its rows.
    mutating func endPiece() -> (ranges: [PieceRange], runs: [RangeRun]) {
        let isCut = range < planned.rows.count && rowsOfRange < planned.rows[range]
        endRun()
        let isWhole = digestsRows || !(hasCut || isCut)
        let ranges = isWhole ? runs.map { PieceRange(rows: $0.run.rows, digest: $0.digest) } : []
        let ended = runs.map(\.run)
        runs = []
        firstOfPiece = rowsOfRange
        hasCut = isCut
        return (ranges, ended)
    }
}
