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
    }

    let snapshot: LockedSnapshot
    /// What an earlier backup has; `nil`: everything is read.
    let comparison: RangeComparison?
    let onProgress: ProgressHandler

    /// Reads everything that has to be read; the first failure stops the others.
    func read(by workers: SnapshotWorkers, into run: RunWriter) async throws -> Outcome {
        let objects = try await DetailQuery.largeObjects(in: snapshot.leader)
        try await LargeObjectPages.refuseUnreadable(objects, seenBy: snapshot.leader)
        let tables = try await readings(hasLargeObjects: !objects.isEmpty)
        let plans =
            try await comparison?.plans(for: tables, by: workers, onProgress: onProgress)
            ?? tables.map { TablePlan(reading: $0) }
        let work = ReadUnit.work(plans)
        let total = work.joined().reduce(0) { $0 + $1.bytes }
        let done = DoneCounter()
        let results = try await workers.run(work) { units, session in
            let read = try await ChunkDump.read(units, of: plans, on: session, into: run)
            guard let last = units.last else { return read }
            let sum = done.add(units.reduce(0) { $0 + $1.bytes })
            let subject = plans[last.table].table.subject
            onProgress(RunProgress(phase: "rows", done: sum, total: total, subject: subject))
            return read
        }
        return try Self.outcome(plans, Array(results.joined()), objects)
    }

    private func readings(hasLargeObjects: Bool) async throws -> [TableReading] {
        let leader = snapshot.leader
        let types = try await TypeQuery.types(in: leader)
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
