import ArchiveRepository
import CatalogInspection
import Diagnostics
import PostgresClient
import PostgresTypes

/// Reads the rows of all tables, and the large objects, by several workers.
struct RowsDump {
    /// What was read.
    struct Outcome: Sendable {
        var tables: [TableRecord]
        var largeObjects: LargeObjectRecord?
    }

    let snapshot: LockedSnapshot
    let onProgress: ProgressHandler

    /// One piece of work: chunks of tables, or the pages of all large objects.
    private enum Work: Sendable {
        case chunks([PlannedChunk])
        case largeObjects
    }

    private struct Result: Sendable {
        /// `nil`: the large objects.
        let planned: PlannedChunk?
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
        let work = plan.work.map(Work.chunks) + (objects.isEmpty ? [] : [.largeObjects])
        let queue = WorkQueue(work)
        let total = plan.bytes
        let done = DoneCounter()
        let digest = ContentDigest(types: types)
        let results = try await withThrowingTaskGroup(of: [Result].self) { group in
            for session in workers.sessions {
                group.addTask {
                    var results: [Result] = []
                    while let next = await queue.next() {
                        try Task.checkCancellation()
                        results += try await read(next, plan: plan, digest: digest, on: session, into: run)
                        guard case .chunks(let chunks) = next, let last = chunks.last else { continue }
                        let sum = done.add(chunks.reduce(0) { $0 + $1.bytes })
                        let subject = plan.tables[last.table].table.displayName
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
    ) async throws -> [Result] {
        switch work {
        case .chunks(let chunks):
            let sources = chunks.map { chunk in
                let record = plan.tables[chunk.table]
                return RowSource(
                    copy: record.copyOutStatement(condition: chunk.condition),
                    digest: digest.statement(
                        source: "only \(record.table.qualifiedName)",
                        columns: record.columns,
                        condition: chunk.condition
                    ),
                    columns: record.columns.count,
                    format: record.format,
                    subject: record.table.displayName
                )
            }
            let records = try await ChunkDump.read(sources, on: session, into: run)
            return zip(chunks, records).map { Result(planned: $0, chunk: $1) }
        case .largeObjects:
            let source = RowSource(
                copy: LargeObjectPages.copyOut,
                digest: LargeObjectPages.digest,
                columns: 3,
                format: .binary,
                subject: "large objects"
            )
            return try await ChunkDump.read([source], on: session, into: run).map { Result(planned: nil, chunk: $0) }
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
            if let planned = result.planned {
                chunks[planned.table, default: []].append((planned.order, result.chunk))
            } else {
                pages.append(result.chunk)
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
