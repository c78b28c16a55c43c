import CatalogInspection
import PostgresClient

/// The sessions that read rows in the leader's snapshot.
struct SnapshotWorkers {
    let sessions: [Session]

    /// Connects workers, imports the snapshot into each and locks what they may read.
    ///
    /// The locks are asked for with NOWAIT: an ACCESS EXCLUSIVE that waits in the queue would block this request for
    /// ever, and the server does not see that the leader is part of the deadlock.
    static func open(
        count: Int,
        settings: ConnectionSettings,
        retry: RetryPolicy,
        snapshot: LockedSnapshot
    ) async throws -> SnapshotWorkers {
        var sessions: [Session] = []
        do {
            for _ in 0..<count {
                let session = try await Session.connect(
                    to: settings,
                    applicationName: "wheels-db/backup",
                    retry: retry
                )
                sessions.append(session)
                try await session.execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                try await session.execute("SET TRANSACTION SNAPSHOT \(literal: snapshot.id)")
                try await session.executeScript(PinnedSettings.script)
                try await LockedSnapshot.lock(snapshot.tables, on: session, orFail: " NOWAIT")
            }
        } catch {
            for session in sessions { await session.close() }
            throw error
        }
        return SnapshotWorkers(sessions: sessions)
    }

    func close() async {
        for session in sessions { await session.close() }
    }
}

/// Hands out work in order, each piece once.
actor WorkQueue<Work: Sendable> {
    private var waiting: [Work]

    init(_ work: [Work]) { waiting = work.reversed() }

    func next() -> Work? { waiting.popLast() }
}
