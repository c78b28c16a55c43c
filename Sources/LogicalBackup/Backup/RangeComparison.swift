import ArchiveRepository
import PostgresClient

/// Finds what of the tables has changed since an earlier backup.
struct RangeComparison: Sendable {
    /// The earlier backup.
    let earlier: PreviousBackup
    /// Compare contents, because the server may be another one than that of the earlier backup.
    let byContents: Bool

    /// So many ranges are asked for in one statement: half a second of a server's time.
    private static let rangesOfSpan = 1 << 15
    /// So many small tables are asked for in one statement.
    private static let tablesOfBatch = 64

    /// A part of a table's ranges.
    private struct Part: Sendable {
        let table: Int
        let span: RangeQuery.Span
    }

    /// Plans all tables: what can be compared is compared, by several sessions.
    ///
    /// - Parameters:
    ///   - tables: The tables.
    ///   - workers: The sessions in the snapshot.
    ///   - isSound: Whether an object of the earlier backup is in the repository as it was stored.
    ///   - onProgress: Receives progress.
    /// - Returns: A plan for each table, in order.
    /// - Throws: `PostgresError`.
    func plans(
        for tables: [TableReading],
        by workers: SnapshotWorkers,
        isSound: (StoredObject) -> Bool,
        onProgress: @escaping ProgressHandler
    ) async throws -> [TablePlan] {
        let before = tables.map { table in
            earlier.table(table).flatMap { $0.isComparable(with: table) ? $0 : nil }
        }
        let batches = batches(tables, before)
        let total = batches.joined().reduce(0) { $0 + tables[$1.table].bytes(ofRanges: $1.span.ranges.count) }
        let done = DoneCounter()
        let answers = try await workers.run(batches) { batch, session in
            let answers = try await RangeQuery.digests(of: batch.map(\.span), on: session)
            let sum = done.add(batch.reduce(0) { $0 + $1.span.table.bytes(ofRanges: $1.span.ranges.count) })
            let subject = batch.last?.span.table.subject
            onProgress(RunProgress(phase: "compare", done: sum, total: total, subject: subject))
            return Array(zip(batch, answers))
        }
        var digests = zip(tables, before).map { table, before in
            RangeDigests(count: before == nil ? 0 : table.rangeCount)
        }
        for (part, answer) in answers.joined() { digests[part.table].replace(part.span.ranges, with: answer) }
        return tables.indices.map { place in
            guard let before = before[place] else { return TablePlan(reading: tables[place]) }
            return TablePlan(
                comparing: tables[place], with: before, now: digests[place], byContents: byContents, isSound: isSound)
        }
    }

    /// Large tables in parts, the largest first; then small ones, many in one statement.
    private func batches(_ tables: [TableReading], _ before: [EarlierTable?]) -> [[Part]] {
        var large: [[Part]] = []
        var small: [[Part]] = []
        for (place, table) in tables.enumerated() where before[place] != nil {
            let withContents = byContents || table.clientTypes == nil
            let count = table.rangeCount
            for start in stride(from: 0, to: count, by: Self.rangesOfSpan) {
                let ranges = start..<min(start + Self.rangesOfSpan, count)
                let part = Part(
                    table: place, span: RangeQuery.Span(table: table, ranges: ranges, withContents: withContents))
                if count > ReadUnit.rangesOfChunk {
                    large.append([part])
                } else if let last = small.last, last.count < Self.tablesOfBatch {
                    small[small.count - 1].append(part)
                } else {
                    small.append([part])
                }
            }
        }
        return large.sorted { ($0.first?.span.ranges.count ?? 0) > ($1.first?.span.ranges.count ?? 0) } + small
    }
}
