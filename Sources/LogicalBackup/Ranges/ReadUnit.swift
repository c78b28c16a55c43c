/// Some ranges of one table that are read by one COPY and make one chunk.
struct ReadUnit: Sendable {
    /// The place of the table among the plans.
    let table: Int
    /// The ranges, ascending; neighbours need not be neighbouring.
    let ranges: [Int]
    /// An estimate of its size in bytes, for the order of work and for progress.
    let bytes: Int

    /// Ranges of one chunk: 1,024 pages of 8 KiB.
    static let rangesOfChunk = 1_024 / RangeDigests.pages
    /// What is not larger than 16 pages shares an object with others: a store of many small objects is slow and dear.
    static let smallBytes = 16 * 8_192
    /// So many bytes of pages, or units, share an object.
    static let bundle = (bytes: 128 * 8_192, units: 64)

    /// Divides what is read: the largest first, so that the last ones to finish are small; small ones gathered.
    static func work(_ plans: [TablePlan], rangesOfChunk: Int = rangesOfChunk) -> [[ReadUnit]] {
        let units = plans.enumerated().flatMap { place, plan in
            stride(from: 0, to: plan.ranges.count, by: rangesOfChunk).map { start in
                let ranges = Array(plan.ranges[start..<min(start + rangesOfChunk, plan.ranges.count)])
                return ReadUnit(table: place, ranges: ranges, bytes: plan.table.bytes(ofRanges: ranges.count))
            }
        }
        let large = units.filter { $0.bytes > smallBytes }.sorted { $0.bytes > $1.bytes }
        return large.map { [$0] } + bundles(units.filter { $0.bytes <= smallBytes })
    }

    /// Small units in the order of the tables, so that unchanged ones make the same object again.
    private static func bundles(_ units: [ReadUnit]) -> [[ReadUnit]] {
        var bundles: [[ReadUnit]] = []
        var bytes = 0
        for unit in units {
            if bundles.isEmpty || bytes + unit.bytes > bundle.bytes || (bundles.last?.count ?? 0) >= bundle.units {
                bundles.append([])
                bytes = 0
            }
            bundles[bundles.count - 1].append(unit)
            bytes += unit.bytes
        }
        return bundles
    }
}
