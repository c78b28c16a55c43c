import Diagnostics
import PostgresClient
import PostgresTypes
import Synchronization

/// Looks after the server while a backup works, over the leader's session: nobody is to suffer from the backup.
///
/// Every few seconds it asks how many client slots are free, and who waits for a table that the backup holds. The question
/// is a heartbeat too: it keeps the leader, who is idle otherwise, from being ended by his own timeout.
final class ServerWatch: Sendable {
    private struct State {
        /// The server's processes of this run; empty: there is nothing to look after.
        var processes: [Int] = []
        var crew: WorkerCrew?
        var isLooking = false
        /// The role may see what is asked for.
        var sees = true
        /// Since when not one slot is free.
        var fullSince: ContinuousClock.Instant?
    }

    private let leader: Session
    private let load: ServerLoad
    private let onProgress: ProgressHandler
    private let state = Mutex(State())

    /// A watch that does not look yet.
    ///
    /// - Parameters:
    ///   - leader: The session that holds the snapshot.
    ///   - load: What others may feel.
    ///   - onProgress: Is told when a worker goes.
    init(leader: Session, load: ServerLoad, onProgress: @escaping ProgressHandler) {
        self.leader = leader
        self.load = load
        self.onProgress = onProgress
    }

    /// Looks once, outside the leader's transaction: a question that fails within it would end it.
    ///
    /// - Throws: `PostgresError` when the connection is lost.
    func prepare() async throws {
        do {
            _ = try await WaitingSession.all(behind: [], seenBy: leader)
            _ = try await ConnectionRules.openSlots(seenBy: leader)
        } catch let error as PostgresError where !error.endsSession {
            state.withLock { $0.sees = false }
        }
    }

    /// Begins to look: all sessions are in their transactions.
    ///
    /// - Parameter workers: The workers.
    /// - Throws: `PostgresError`.
    func begin(_ workers: SnapshotWorkers) async throws {
        var processes: [Int] = []
        for session in [leader] + workers.sessions {
            // Behind a pooler it is not the one that the connection began with.
            let rows = try await session.query("select pg_catalog.pg_backend_pid()::text as pid")
            processes += [try rows.first?.value("pid") ?? 0]
        }
        state.withLock { state in
            state.processes = processes
            state.crew = workers.crew
        }
    }

    /// Ends to look, and returns when no question of it is under way: the leader's next transaction must begin with its
    /// locks.
    func end() async {
        state.withLock { $0.processes = [] }
        while state.withLock(\.isLooking) { await Task.yield() }
    }

    /// Works, and stops the work when others have suffered too long.
    ///
    /// - Parameter body: The work.
    /// - Returns: What it returns.
    /// - Throws: What it throws; ``BackupError`` of class `locked` or `noConnectionSlot` when the backup gave way.
    func during<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
        let outcome = await withTaskGroup(of: Event<Value>.self) { group in
            group.addTask {
                do { return .ended(.success(try await body())) } catch { return .ended(.failure(error)) }
            }
            group.addTask { .stop(await self.reasonToStop()) }
            var reason: (any Error)?
            var outcome: Result<Value, any Error> = .failure(CancellationError())
            for await event in group {
                switch event {
                case .stop(let found?):
                    reason = found
                    group.cancelAll()
                case .stop: break
                case .ended(.success(let value)):
                    outcome = .success(value)
                    group.cancelAll()
                case .ended(.failure(let error)):
                    outcome = .failure(reason ?? error)
                    group.cancelAll()
                }
            }
            return outcome
        }
        return try outcome.get()
    }

    private enum Event<Value: Sendable>: Sendable {
        case ended(Result<Value, any Error>)
        case stop((any Error)?)
    }

    /// Looks until the task is cancelled, or there is a reason to stop.
    private func reasonToStop() async -> (any Error)? {
        while (try? await Task.sleep(for: load.lookEvery)) != nil {
            let processes = state.withLock { state in
                state.isLooking = !state.processes.isEmpty
                return state.processes
            }
            guard !processes.isEmpty else { continue }
            defer { state.withLock { $0.isLooking = false } }
            do { try await look(processes) } catch let error as BackupError { return error } catch {
                // What the leader lost, the work itself finds out and tells.
            }
        }
        return nil
    }

    private func look(_ processes: [Int]) async throws {
        guard state.withLock(\.sees) else {
            try await leader.execute("select 1")
            return
        }
        let waiting = try await WaitingSession.all(behind: processes, seenBy: leader)
        if load.giveWayAfter > .zero, let first = waiting.first, first.waited >= load.giveWayAfter {
            throw Self.inTheWay(first, others: waiting.count - 1)
        }
        try lookAtSlots(open: try await ConnectionRules.openSlots(seenBy: leader))
    }

    private func lookAtSlots(open: Int) throws {
        let crew = state.withLock(\.crew)
        guard open < load.margin else {
            state.withLock { $0.fullSince = nil }
            return
        }
        if let staying = crew?.shrink() {
            let phase = "only \(max(0, open)) client slots are free: going on with \(staying) of the workers"
            onProgress(RunProgress(phase: phase, done: 0, total: 0))
            return
        }
        guard open <= 0, load.giveWayAfter > .zero else {
            state.withLock { $0.fullSince = nil }
            return
        }
        let since = state.withLock { state in
            let since = state.fullSince ?? .now
            state.fullSince = since
            return since
        }
        guard ContinuousClock.now - since >= load.giveWayAfter else { return }
        throw BackupError(
            code: "backup.no-slots",
            summary: "For \(Self.seconds(load.giveWayAfter)) the server had no free client slot, and this backup holds"
                + " two. It gave them back; there is no new backup.",
            remedy: Remedy(
                "See who holds the slots, then start the backup again (--give-way-after 0 lets it go on):",
                command: "wheels-db pool check"),
            failureClass: .noConnectionSlot
        )
    }

    private static func inTheWay(_ first: WaitingSession, others: Int) -> BackupError {
        let more = others > 0 ? " So did \(others) more." : ""
        return BackupError(
            code: "backup.in-the-way",
            summary: "\(first) has waited \(seconds(first.waited)) for \(first.table), which this backup holds locked"
                + " against being rewritten.\(more) The backup gave way; there is no new backup.",
            remedy: Remedy(
                "Start it again when that statement is through, at an hour without deploys; --give-way-after 10m lets"
                    + " others wait longer, 0 for ever."),
            failureClass: .locked
        )
    }

    private static func seconds(_ duration: Duration) -> String { "\(Int(duration / .seconds(1))) s" }
}
