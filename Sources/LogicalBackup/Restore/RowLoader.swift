import ArchiveRepository
import CatalogInspection
import PostgresClient
import PostgresTypes
import SQLText

/// Loads the rows of tables by several sessions.
struct RowLoader {
    let run: RestoreRun
    let manifest: BackupManifest
    let prepared: PreparedRestore
    /// Counts the free slots; loads large objects.
    let leader: Session

    private var load: RowLoad {
        RowLoad(
            reader: run.reader,
            usesReplicationRole: prepared.target.facts.maySetReplicationRole
        )
    }

    /// Loads tables, largest pieces first; the first failure stops the others.
    func load(_ tables: [TableRecord]) async throws {
        let work = Self.work(tables)
        guard !work.isEmpty else { return }
        let total = work.joined().reduce(0) { $0 + $1.piece.rawBytes }
        let done = DoneCounter()
        let queue = WorkQueue(work)
        let load = load
        let run = run
        let slots = try await ConnectionRules.freeSlots(seenBy: leader)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<max(1, min(run.options.jobs, work.count, slots)) {
                group.addTask {
                    let session = try await run.connect()
                    while let next = await queue.next() {
                        try await load.load(next, on: session) { piece in
                            let sum = done.add(piece.piece.rawBytes)
                            run.onProgress(RunProgress(phase: "rows", done: sum, total: total, subject: piece.subject))
                        }
                    }
                    await session.close()
                }
            }
            try await group.waitForAll()
        }
    }

    /// Loads tables in the transaction that the leader has open.
    func loadInTransaction(_ tables: [TableRecord]) async throws {
        let work = Self.work(tables).flatMap(\.self)
        let total = work.reduce(0) { $0 + $1.piece.rawBytes }
        let done = DoneCounter()
        try await load.prepare(leader)
        try await load.copy(work, on: leader) { next in
            let sum = done.add(next.piece.rawBytes)
            run.onProgress(RunProgress(phase: "rows", done: sum, total: total, subject: next.subject))
        }
    }

    /// The pieces of tables, in runs of one object.
    private static func work(_ tables: [TableRecord]) -> [[PieceLoad]] {
        let pieces = tables.flatMap { record in
            let table = record.table.qualifiedName
            let statement = record.copyInStatement(target: record.loadsThroughRoot ? record.rootName ?? table : table)
            return record.chunks.flatMap(\.pieces).map {
                PieceLoad(piece: $0, statement: statement, subject: record.table.displayName)
            }
        }
        return PieceLoad.runs(pieces)
    }

    /// Makes the large objects and fills them.
    func loadLargeObjects() async throws {
        guard let record = manifest.largeObjects else { return }
        try await load.loadLargeObjects(record, on: leader)
    }
}
