import ArchiveRepository

/// A chunk of an earlier backup with those of its rows that still count.
struct KeptChunk: Sendable {
    /// The chunk; pieces none of whose rows count are gone from it.
    let chunk: ChunkRecord
    /// The range that each of its rows belongs to.
    let runs: [StoredRun]

    /// Leaves out the rows of some ranges; `nil` when no row counts any more.
    ///
    /// - Parameters:
    ///   - before: The chunk as the earlier backup has it.
    ///   - runs: The ranges of its rows; they end where its pieces end.
    ///   - digests: The digests of all ranges.
    ///   - isRead: Whether a range is read anew.
    init?(_ before: ChunkRecord, runs: [StoredRun], digests: RangeDigests, isRead: (Int) -> Bool) {
        var pieces: [StoredPiece] = []
        var kept: [StoredRun] = []
        var digest: Int128 = 0
        var seen: Set<Int> = []
        var rest = runs[...]
        for var piece in before.pieces {
            var rows = 0
            var own: [StoredRun] = []
            while rows < piece.rows, let run = rest.popFirst() {
                rows += run.rows
                own.append(StoredRun(range: run.range.flatMap { isRead($0) ? nil : $0 }, rows: run.rows))
            }
            guard own.contains(where: { $0.range != nil }) else { continue }
            piece.live = Self.live(own)
            pieces.append(piece)
            kept += own
            for range in own.compactMap(\.range) where seen.insert(range).inserted {
                digest += digests.contents[range] ?? 0
            }
        }
        guard !pieces.isEmpty else { return nil }
        chunk = ChunkRecord(pieces: pieces, rows: pieces.reduce(0) { $0 + $1.liveRows }, digest: String(digest))
        self.runs = kept
    }

    /// How many rows in turn count and do not; `nil` when all do.
    private static func live(_ runs: [StoredRun]) -> [Int]? {
        guard runs.contains(where: { $0.range == nil }) else { return nil }
        var counts = [0]
        for run in runs {
            let isLive = run.range != nil
            if isLive == counts.count.isMultiple(of: 2) { counts.append(0) }
            counts[counts.count - 1] += run.rows
        }
        return counts
    }
}
