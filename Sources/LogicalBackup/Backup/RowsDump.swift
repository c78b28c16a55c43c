import ArchiveRepository
import CatalogInspection
import Diagnostics
import PostgresClient
import PostgresTypes
import Synchronization

/// Reads the rows of all tables, and the large objects, by several workers.
struct RowsDump {
    /// What was read.
    struct Outcome: Sendable {
        var tables: [TableRecord]
        var largeObjects: LargeObjectRecord?
    }

    let snapshot: LockedSnapshot
    let onProgress: ProgressHandler

    /// One piece of work: a chunk of a table, or the pages of all large objects.
    private enum Work: Sendable {
        case chunk(PlannedChunk)
        case largeObjects
    }

    private struct Result: Sendable {
        let work: Work
        let chunk: ChunkRecord
    }

    /// Reads everything; the first failure stops the others.
    func read(by workers: SnapshotWorkers, into run: RunWriter) async throws -> Outcome {
        let leader = snapshot.leader
        let types = try await TypeQuery.types(in: leader)
        let throughRoot = try await PartitionQuery.rootsWithUnstableLeaves(in: leader, types: types)
        let plan = ChunkPlan(tables: snapshot.tables, types: types, throughRoot: throughRoot)
        let objects = try await DetailQuery.largeObjects(in: leader)
        try await LargeObjectPages.refuseUnreadable(objects, seenBy: leader)
        let work = plan.chunks.map(Work.chunk) + (objects.isEmpty ? [] : [.largeObjects])
        let queue = WorkQueue(work)
        let total = plan.chunks.reduce(0) { $0 + $1.bytes }
        let done = Mutex(0)
        let digest = ContentDigest(types: types)
        let results = try await withThrowingTaskGroup(of: [Result].self) { group in
            for session in workers.sessions {
                group.addTask {
                    var results: [Result] = []
                    while let next = await queue.next() {
                        try Task.checkCancellation()
                        let chunk = try await read(next, plan: plan, digest: digest, on: session, into: run)
                        results.append(Result(work: next, chunk: chunk))
                        guard case .chunk(let planned) = next else { continue }
                        let sum = done.withLock { sum in
                            sum += planned.bytes
                            return sum
                        }
                        let subject = plan.tables[planned.table].table.displayName
                        onProgress(RunProgress(phase: "rows", done: sum, total: total, subject: subject))
                    }
                    return results
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        return try Self.outcome(plan: plan, objects: objects, results: results)
    }

    private func read(
        _ work: Work,
        plan: ChunkPlan,
        digest: ContentDigest,
        on session: Session,
        into run: RunWriter
    ) async throws -> ChunkRecord {
        switch work {
        case .chunk(let planned):
            let record = plan.tables[planned.table]
            return try await ChunkDump.read(
                copy: record.copyOutStatement(condition: planned.condition),
                digest: digest.statement(
                    source: "only \(record.table.qualifiedName)",
                    columns: record.columns,
                    condition: planned.condition
                ),
                subject: record.table.displayName,
                on: session,
                into: try run.chunkWriter()
            )
        case .largeObjects:
            return try await ChunkDump.read(
                copy: LargeObjectPages.copyOut,
                digest: LargeObjectPages.digest,
                subject: "large objects",
                on: session,
                into: try run.chunkWriter()
            )
        }
    }

    private static func outcome(
        plan: ChunkPlan,
        objects: [LargeObjectInfo],
        results: [Result]
    ) throws -> Outcome {
        var chunks: [Int: [(order: Int, chunk: ChunkRecord)]] = [:]
        var pages: [ChunkRecord] = []
        for result in results {
            switch result.work {
            case .chunk(let planned): chunks[planned.table, default: []].append((planned.order, result.chunk))
            case .largeObjects: pages.append(result.chunk)
            }
        }
        var tables = plan.tables
        for (place, found) in chunks {
            let ordered = found.sorted { $0.order < $1.order }.map(\.chunk).filter { $0.rows > 0 }
            tables[place].chunks = ordered
            tables[place].rows = ordered.reduce(0) { $0 + $1.rows }
            tables[place].digest = try sum(ordered)
        }
        let largeObjects =
            objects.isEmpty
            ? nil : LargeObjectRecord(objects: objects, chunks: pages, digest: try sum(pages))
        return Outcome(tables: tables, largeObjects: largeObjects)
    }

    private static func sum(_ chunks: [ChunkRecord]) throws -> String {
        guard let sum = DigestSum.of(chunks.map(\.digest)) else {
            throw PostgresError(kind: .unexpectedAnswer, message: "A digest of the server is no number")
        }
        return sum
    }
}
