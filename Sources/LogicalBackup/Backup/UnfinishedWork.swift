import ArchiveRepository
import CatalogInspection
import Diagnostics
import Foundation
import OffPool
import PostgresClient
import PostgresTypes
import Synchronization

/// What a run has read so far, so that it need not be read again when the run ends early.
final class UnfinishedWork: Sendable {
    private struct State {
        var run: UnfinishedRun?
        var known: [KeyFile] = []
        var plans: [TablePlan] = []
        var read: [ReadRanges] = []
    }

    private let state = Mutex(State())

    /// Begins to collect.
    ///
    /// - Parameters:
    ///   - run: The run, without its tables.
    ///   - keyFiles: What is noted already of files that open objects.
    func begin(_ run: UnfinishedRun, keyFiles: [KeyFile]) {
        state.withLock { state in
            state.run = run
            state.known = keyFiles
        }
    }

    /// Takes what of the tables is read, and what is there.
    func plan(_ plans: [TablePlan]) { state.withLock { $0.plans = plans } }

    /// Takes what was read and stored.
    func add(_ read: [ReadRanges]) { state.withLock { $0.read += read } }

    /// Leaves it for the next run, when this one ended for a reason that is no doubt about its rows; blocks.
    ///
    /// - Parameters:
    ///   - writer: The run.
    ///   - error: Why it ended.
    /// - Returns: Whether it was left; if not, the objects are nobody's.
    func leave(in writer: RunWriter, after error: any Error) -> Bool {
        guard Self.mayGoOn(after: error) else { return false }
        let state = state.withLock { $0 }
        guard var run = state.run, state.read.contains(where: { $0.chunk != nil }) else { return false }
        do {
            try Cancellation.shielded {
                let parts = Dictionary(grouping: state.read, by: \.unit.table)
                var index = RangeIndex()
                for (place, plan) in state.plans.enumerated() {
                    guard let table = UnfinishedTable(plan, parts[place] ?? []) else { continue }
                    run.tables.append(
                        UnfinishedRun.Table(table: table.ranges.table.number, chunks: table.chunks))
                    index.tables[table.ranges.table] = table.ranges
                }
                run.keyFiles = try writer.keyFiles(of: run.objects, known: state.known)
                run.index = Data(try index.encoded())
                // As before a manifest: what others are going to trust is looked at.
                try writer.readBack()
                try writer.leave(Array(try ManifestCoding.encode(run)))
            }
            return true
        } catch { return false }
    }

    /// Whether the rows that were read are good, whatever ended the run.
    ///
    /// A full disk is not among the reasons: what stays would keep it full.
    private static func mayGoOn(after error: any Error) -> Bool {
        if error is CancellationError { return true }
        guard let error = error as? any ExplainedError else { return false }
        if error.code == "backup.egress-budget" { return true }
        guard error.code != "backup.types-changed" else { return false }
        return [.interrupted, .unreachable, .locked, .noConnectionSlot].contains(error.failureClass)
    }
}

/// A table of which some ranges are stored: those that were kept and those that were read; of the others nothing is known.
struct UnfinishedTable {
    /// Where the rows are.
    let chunks: [ChunkRecord]
    /// The ranges; those that were not read have no rows.
    let ranges: TableRanges

    /// Puts a table together; `nil` when there is nothing to compare with.
    init?(_ plan: TablePlan, _ read: [ReadRanges]) {
        let record = plan.table.record
        guard record.table.isHeap else { return nil }
        var digests = RangeDigests(count: plan.digests.count)
        for range in Set(plan.kept.flatMap(\.runs).compactMap(\.range)) {
            digests.replace([range], with: plan.digests.chosen([range]))
        }
        var chunks = plan.kept.map(\.chunk)
        var runs = plan.kept.map(\.runs)
        for part in read {
            digests.replace(part.unit.ranges, with: part.digests)
            guard let chunk = part.chunk else { continue }
            chunks.append(chunk)
            runs.append(part.runs)
        }
        let ranges = TableRanges(
            table: record.table.oid, filenode: record.table.filenode, fingerprint: plan.table.fingerprint,
            labels: plan.table.labels, digests: digests, chunks: runs)
        guard !chunks.isEmpty, EarlierTable(chunks: chunks, ranges: ranges) != nil else { return nil }
        self.chunks = chunks
        self.ranges = ranges
    }
}
