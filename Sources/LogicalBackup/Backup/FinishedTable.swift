import ArchiveRepository
import CatalogInspection
import Diagnostics
import PostgresClient

/// A table of which every range is stored: what was kept and what was read, put together.
struct FinishedTable {
    /// The table for the manifest.
    let record: TableRecord
    /// The table for the next backup.
    let ranges: TableRanges
    /// Whether a later backup can compare with it.
    let isComparable: Bool

    /// Puts a table together.
    ///
    /// - Throws: ``BackupError`` when a range has no rows in the chunks or another number than the server counted; that
    ///   would be a mistake of this program, and a backup with too few rows.
    init(_ plan: TablePlan, _ read: [ReadRanges]) throws {
        var digests = plan.digests
        for part in read { digests.replace(part.unit.ranges, with: part.digests) }
        let new = read.sorted { ($0.unit.ranges.first ?? 0) < ($1.unit.ranges.first ?? 0) }
        var chunks = plan.kept.map(\.chunk)
        var runs = plan.kept.map(\.runs)
        for part in new {
            guard let chunk = part.chunk else { continue }
            chunks.append(chunk)
            runs.append(part.runs)
        }
        let ranges = TableRanges(
            table: plan.table.record.table.oid,
            filenode: plan.table.record.table.filenode,
            fingerprint: plan.table.fingerprint,
            labels: plan.table.labels,
            digests: digests,
            chunks: runs
        )
        guard EarlierTable(chunks: chunks, ranges: ranges) != nil, !digests.contents.contains(nil),
            let sum = DigestSum.of(chunks.map(\.digest)),
            Int128(sum) == digests.contents.reduce(0, { $0 + ($1 ?? 0) })
        else {
            throw BackupError(
                code: "backup.ranges-differ",
                summary: "\(plan.table.subject): what was stored is not what the server counted, range by range.",
                remedy: Remedy(
                    "Nothing was stored as a backup. Read everything once, and report this:",
                    command: "wheels-db backup create --full"),
                failureClass: .corrupt
            )
        }
        var record = plan.table.record
        record.chunks = chunks
        record.rows = digests.rows.reduce(0, +)
        record.digest = sum
        self.record = record
        self.ranges = ranges
        isComparable = plan.table.record.table.isHeap
    }
}
