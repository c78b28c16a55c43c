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
        let total = work.reduce(0) { $0 + $1.piece.rawBytes }
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
                        try Task.checkCancellation()
                        try await load.load(next, on: session)
                        let sum = done.add(next.piece.rawBytes)
                        run.onProgress(RunProgress(phase: "rows", done: sum, total: total, subject: next.subject))
                    }
                    await session.close()
                }
            }
            try await group.waitForAll()
        }
    }

    /// Loads tables in the transaction that the leader has open.
    func loadInTransaction(_ tables: [TableRecord]) async throws {
        let work = Self.work(tables)
        let total = work.reduce(0) { $0 + $1.piece.rawBytes }
        var done = 0
        try await load.prepare(leader)
        for next in work {
            try await load.copy(next, on: leader)
            done += next.piece.rawBytes
            run.onProgress(RunProgress(phase: "rows", done: done, total: total, subject: next.subject))
        }
    }

    /// The pieces of tables, largest first.
    private static func work(_ tables: [TableRecord]) -> [PieceLoad] {
        tables.flatMap { record in
            let table = record.table.qualifiedName
            let statement = record.copyInStatement(target: record.loadsThroughRoot ? record.rootName ?? table : table)
            return record.chunks.flatMap(\.pieces).map {
                PieceLoad(piece: $0, statement: statement, subject: record.table.displayName)
            }
        }
        .sorted { $0.piece.rawBytes > $1.piece.rawBytes }
    }

    /// Makes the large objects and fills them.
    func loadLargeObjects() async throws {
        guard let record = manifest.largeObjects else { return }
        try await load.loadLargeObjects(record, on: leader)
    }
}
