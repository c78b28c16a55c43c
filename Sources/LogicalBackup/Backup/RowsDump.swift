import ArchiveRepository
import CatalogInspection
import Diagnostics
import PostgresClient
import PostgresTypes

/// Reads the rows of all tables, and the large objects, by several workers: all of them, or what has changed.
struct RowsDump {
    /// What was read, and what was there already.
    struct Outcome: Sendable {
        var tables: [TableRecord]
        var largeObjects: LargeObjectRecord?
        /// What the next backup compares with.
        var index: RangeIndex
        /// How much of it was read.
        var reading: ReadingSummary
        /// Chunks of the earlier backup that are not in the repository any more.
        var lostChunks = 0
    }

    let snapshot: LockedSnapshot
    /// What an earlier backup has; `nil`: everything is read.
    let comparison: RangeComparison?
    /// Ranges of one chunk.
    let rangesOfChunk: Int
    /// Counts what the server sends, and stops before a budget is broken.
    let account: EgressAccount
    /// Keeps what was read for the next run, if this one ends early.
    let unfinished: UnfinishedWork
    /// Receives what is read of each table.
    let onPlans: @Sendable ([TablePlan]) -> Void
    let onProgress: ProgressHandler

    /// Reads everything that has to be read; the first failure stops the others.
    func read(by workers: SnapshotWorkers, into run: RunWriter) async throws -> Outcome {
        let objects = try await DetailQuery.largeObjects(in: snapshot.leader)
        try await LargeObjectPages.refuseUnreadable(objects, seenBy: snapshot.leader)
        let types = try await TypeQuery.types(in: snapshot.leader)
        let tables = try await readings(types, hasLargeObjects: !objects.isEmpty)
        let plans =
            try await comparison?.plans(for: tables, by: workers, isSound: run.holds, onProgress: onProgress)
            ?? tables.map { TablePlan(reading: $0) }
        onPlans(plans)
        unfinished.plan(plans)
        try account.budget?.requireRoom(for: Self.estimates(plans), received: account.meter.received)
        let work = ReadUnit.work(plans, rangesOfChunk: rangesOfChunk)
        let total = work.joined().reduce(0) { $0 + $1.bytes }
        let done = DoneCounter()
        let newSink: @Sendable () throws -> RowsSink = { RowsSink(try run.rowsWriter()) }
        let results = try await workers.run(work, with: newSink) { units, session, sink in
            let read = try await account.metered(units, of: plans, on: session) {
                try await ChunkDump.read(units, of: plans, on: session, into: &sink)
            }
            unfinished.add(read)
            guard let last = units.last else { return read }
            let sum = done.add(units.reduce(0) { $0 + $1.bytes })
            let subject = plans[last.table].table.subject
            onProgress(RunProgress(phase: "rows", done: sum, total: total, subject: subject))
            return read
        }
        if let session = workers.first {
            try await session.rollBackQuietly()
            try await UnchangedTypes.check(tables, types: types, seenBy: session)
        }
        return try Self.outcome(plans, Array(results.joined()), objects)
    }

    /// About how many bytes each table will send; values out of line are not known.
    private static func estimates(_ plans: [TablePlan]) -> [String: Int] {
        Dictionary(plans.map { ($0.table.subject, $0.table.bytes(ofRanges: $0.ranges.count)) }, uniquingKeysWith: +)
    }

    private func readings(_ types: TypeCatalog, hasLargeObjects: Bool) async throws -> [TableReading] {
        let leader = snapshot.leader
        let throughRoot = try await PartitionQuery.rootsWithUnstableLeaves(in: leader, types: types)
        var tables = TableReading.all(
            snapshot.tables,
            types: types,
            columnDigests: try await TableQuery.columnDigests(in: leader),
            throughRoot: throughRoot
        )
        if hasLargeObjects {
            tables.append(.largeObjects(try await TableQuery.largeObjectPages(in: leader)))
        }
        return tables
    }

    private static func outcome(
        _ plans: [TablePlan],
        _ results: [ReadRanges],
        _ objects: [LargeObjectInfo]
    ) throws -> Outcome {
        let read = Dictionary(grouping: results, by: \.unit.table)
        var outcome = Outcome(tables: [], index: RangeIndex(), reading: ReadingSummary())
        for (place, plan) in plans.enumerated() {
            let finished = try FinishedTable(plan, read[place] ?? [])
            outcome.reading.add(plan)
            outcome.lostChunks += plan.lostChunks
            if finished.isComparable { outcome.index.tables[finished.ranges.table] = finished.ranges }
            if plan.table.isLargeObjects {
                let record = finished.record
                outcome.largeObjects = LargeObjectRecord(
                    objects: objects, chunks: record.chunks, digest: record.digest)
            } else {
                outcome.tables.append(finished.record)
            }
        }
        return outcome
    }
}
