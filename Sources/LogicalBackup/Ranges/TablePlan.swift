import ArchiveRepository
import CatalogInspection
import PostgresTypes

/// What of a table is read, and what an earlier backup has already.
struct TablePlan: Sendable {
    let table: TableReading
    /// The digests of all ranges, as far as they are known: those of kept ranges are, with their contents.
    var digests: RangeDigests
    /// Whether rows and identity of the ranges that are read are known.
    let areDigestsKnown: Bool
    /// Chunks of the earlier backup whose rows, or some of them, are as they were.
    let kept: [KeptChunk]
    /// The ranges that are read, ascending.
    let ranges: [Int]
    /// Chunks of the earlier backup that are lost, though some of their rows are as they were.
    let lostChunks: Int

    /// A table that is read as a whole.
    init(reading table: TableReading) {
        self.table = table
        digests = RangeDigests(count: table.rangeCount)
        areDigestsKnown = false
        kept = []
        ranges = Array(0..<table.rangeCount)
        lostChunks = 0
    }

    /// A table of which some ranges may be as they were.
    ///
    /// A chunk of which less than half of the rows still count is read anew, so that a table does not fall to pieces; so
    /// is one that is not in the repository any more.
    ///
    /// - Parameters:
    ///   - table: The table.
    ///   - before: What the earlier backup has.
    ///   - now: Its digests now, of all its ranges.
    ///   - byContents: Contents alone decide, because the server may be another one; they are among the digests then.
    ///   - isSound: Whether an object is in the repository as it was stored.
    init(
        comparing table: TableReading,
        with before: EarlierTable,
        now: RangeDigests,
        byContents: Bool,
        isSound: (StoredObject) -> Bool
    ) {
        self.table = table
        areDigestsKnown = true
        var digests = now
        var isRead = (0..<now.count).map { range in
            guard range < before.ranges.digests.count, now.rows[range] == before.ranges.digests.rows[range] else {
                return true
            }
            // The text of a `reg…` value changes with the name of what it stands for, and no row is written to.
            if let content = now.contents[range], content != before.ranges.digests.contents[range] { return true }
            return !byContents && now.identities[range] != before.ranges.digests.identities[range]
        }
        for range in 0..<now.count where !isRead[range] {
            digests.contents[range] = before.ranges.digests.contents[range]
        }
        var lost = 0
        for (place, chunk) in before.chunks.enumerated() {
            let live = before.ranges.chunks[place].filter { run in
                guard let range = run.range, range < isRead.count else { return false }
                return !isRead[range]
            }
            let rows = live.reduce(0) { $0 + $1.rows }
            let isLost = rows > 0 && !chunk.pieces.allSatisfy { isSound($0.object) }
            if isLost { lost += 1 }
            guard isLost || rows * 2 < chunk.pieces.reduce(0, { $0 + $1.rows }) else { continue }
            for range in live.compactMap(\.range) { isRead[range] = true }
        }
        lostChunks = lost
        kept = before.chunks.enumerated().compactMap { place, chunk in
            KeptChunk(chunk, runs: before.ranges.chunks[place], digests: digests) { $0 >= isRead.count || isRead[$0] }
        }
        // A range without rows has nothing to read.
        ranges = (0..<now.count).filter { isRead[$0] && now.rows[$0] > 0 }
        for range in 0..<now.count where now.rows[range] == 0 { digests.contents[range] = 0 }
        self.digests = digests
    }
}

/// A table as an earlier backup has it, with its ranges.
struct EarlierTable: Sendable {
    let chunks: [ChunkRecord]
    let ranges: TableRanges

    /// What an earlier backup has of a table; `nil` when its ranges are not those of these chunks.
    init?(chunks: [ChunkRecord], ranges: TableRanges) {
        guard chunks.count == ranges.chunks.count else { return nil }
        var live = Array(repeating: 0, count: ranges.digests.count)
        for (chunk, runs) in zip(chunks, ranges.chunks) {
            var rest = runs[...]
            for piece in chunk.pieces {
                var rows = 0
                while rows < piece.rows, let run = rest.popFirst() {
                    rows += run.rows
                    if let range = run.range { live[range] += run.rows }
                }
                guard rows == piece.rows else { return nil }
            }
            guard rest.isEmpty else { return nil }
        }
        guard live == ranges.digests.rows else { return nil }
        self.chunks = chunks
        self.ranges = ranges
    }

    /// Whether ranges of the table can be compared: it is the same table in the same file, and its rows mean the same.
    func isComparable(with table: TableReading) -> Bool {
        let now = table.record.table
        return now.isHeap && now.filenode.number != 0 && now.oid == ranges.table && now.filenode == ranges.filenode
            && !table.fingerprint.isEmpty && table.fingerprint == ranges.fingerprint
            && Set(ranges.labels).isSubset(of: table.labels)
    }
}
