import CatalogInspection
import PostgresClient
import PostgresTypes

/// The sessions that read rows in the leader's snapshot.
struct SnapshotWorkers {
    let sessions: [Session]
    /// Which of them are still there.
    let crew: WorkerCrew

    init(sessions: [Session]) {
        self.sessions = sessions
        crew = WorkerCrew(count: sessions.count)
    }

    /// A session that is there to the end.
    var first: Session? { crew.present.first.map { sessions[$0] } }

    /// Connects workers, before anything is locked: connecting is what takes time.
    static func connect(
        count: Int,
        settings: ConnectionSettings,
        retry: RetryPolicy,
        pace: ReceivingPace? = nil
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
                try await PinnedTimeouts.worker.pin(session)
                await session.keep(pace)
            }
        } catch {
            for session in sessions { await session.close() }
            throw error
        }
        return SnapshotWorkers(sessions: sessions)
    }

    /// Rows have to come in the order of their pages, for where a range ends is told by counting them.
    ///
    /// A parallel plan does not keep that order, nor does an index scan, which a partial index on the condition of an
    /// extension's table makes possible. A role may have settings of its own for each of these.
    static let planSettings = """
        set local max_parallel_workers_per_gather = 0;
        set local enable_indexscan = off;
        set local enable_indexonlyscan = off;
        set local enable_bitmapscan = off;
        set local enable_memoize = off;
        set local enable_seqscan = on;
        set local enable_tidscan = on
        """

    /// Imports the snapshot into each worker and locks what they may read.
    ///
    /// The locks are asked for with NOWAIT: an ACCESS EXCLUSIVE that waits in the queue would block this request for
    /// ever, and the server does not see that the leader is part of the deadlock.
    ///
    /// - Returns: Whether all have joined; if not, somebody waits for a table of the leader's, and the caller has to let
    ///   him pass and begin again.
    func join(_ snapshot: LockedSnapshot) async throws -> Bool {
        do {
            for session in sessions {
                try await session.execute("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                try await session.execute("SET TRANSACTION SNAPSHOT \(literal: snapshot.id)")
                try await session.executeScript(PinnedSettings.script)
                try await PinnedTimeouts.worker.pinLocally(session)
                try await session.executeScript(Self.planSettings)
                try await LockedSnapshot.lock(snapshot.lockNames, on: session, orFail: " NOWAIT")
            }
            return true
        } catch let error as PostgresError where error.sqlState == .lockNotAvailable {
            return false
        }
    }

    /// Does work by all sessions, each piece by the next one that is free; the first failure stops the others.
    ///
    /// - Parameters:
    ///   - work: The pieces, in the order in which they are begun.
    ///   - tool: Makes what each worker keeps from one piece to the next, such as its memory.
    ///   - body: Does one.
    /// - Returns: What `body` returned, in no order.
    /// - Throws: What `tool` or `body` throws.
    func run<Work: Sendable, Tool: ~Copyable & Sendable, Result: Sendable>(
        _ work: [Work],
        with tool: @escaping @Sendable () throws -> Tool,
        _ body: @escaping @Sendable (Work, Session, inout Tool) async throws -> Result
    ) async throws -> [Result] {
        guard !work.isEmpty else { return [] }
        let queue = WorkQueue(work)
        return try await withThrowingTaskGroup(of: [Result].self) { group in
            for place in crew.present {
                let (session, crew) = (sessions[place], crew)
                group.addTask {
                    var tool = try tool()
                    var results: [Result] = []
                    while true {
                        if crew.dismisses(place) {
                            await session.close()
                            break
                        }
                        guard let next = await queue.next() else { break }
                        try Task.checkCancellation()
                        results.append(try await body(next, session, &tool))
                    }
                    return results
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
    }

    /// Does work that needs nothing but a session.
    func run<Work: Sendable, Result: Sendable>(
        _ work: [Work],
        _ body: @escaping @Sendable (Work, Session) async throws -> Result
    ) async throws -> [Result] {
        try await run(work, with: {}, { work, session, _ in try await body(work, session) })
    }

    /// Lets go of snapshot and locks.
    func leave() async throws {
        for session in sessions { try await session.rollBackQuietly() }
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
