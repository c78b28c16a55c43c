import Diagnostics
import PostgresClient
import PostgresTypes
import SQLText
import Synchronization

/// Applies one migration, and tries again when it could not get its locks.
struct StepRun: Sendable {
    let step: MigrationPlan.Step
    let session: Session
    let lock: MigrationLock
    let options: MigrationOptions
    let appliedBefore: [MigrationFileName]
    let onEvent: @Sendable (MigrationEvent) -> Void
    let watch: BlockerWatch

    private var file: MigrationFile { step.file }

    /// Applies the migration and records it.
    ///
    /// - Throws: ``MigrationError`` with the place in the file; nothing of the file is kept then, unless it ran outside
    ///   a transaction.
    func apply() async throws {
        onEvent(.started(file.fileName))
        let begin = ContinuousClock.now
        let blockers = BlockerList()
        var failures = 0
        while true {
            do {
                try await watched(blockers) {
                    // What a file before set for its session must not reach this one.
                    try await session.executeScript("reset session authorization; reset role; reset all;")
                    try await attempt(begin: begin, retries: failures)
                }
                break
            } catch let failure as StatementFailure {
                failures += 1
                let pause = options.lockRetry.pause(
                    afterFailures: failures, elapsed: .now - begin, jitter: .random(in: 0...1))
                guard step.outsideTransaction == nil, failure.mayPass, let pause else {
                    throw failure.error(step, appliedBefore, blockers.latest)
                }
                onEvent(.retrying(file.fileName, failures: failures, pause: pause))
                try await Task.sleep(for: pause)
            }
        }
        onEvent(.applied(file.fileName, duration: .now - begin))
    }

    private func attempt(begin: ContinuousClock.Instant, retries: Int) async throws {
        if step.outsideTransaction != nil {
            for statement in file.up { try await run(statement) }
            try await committing { session in try await record(session, begin, retries) }
            return
        }
        try await committing { session in
            let milliseconds = options.lockTimeout.milliseconds
            try await session.execute("set local lock_timeout = \(unsafeSQL: "\(milliseconds)")")
            for statement in file.up { try await run(statement) }
            try await record(session, begin, retries)
        }
    }

    private func run(_ statement: Statement) async throws {
        do {
            try await session.executeScript(statement.text)
        } catch {
            throw StatementFailure(statement: statement, cause: error)
        }
    }

    private func record(_ session: Session, _ begin: ContinuousClock.Instant, _ retries: Int) async throws {
        let event = LedgerEvent(
            action: "up", toolVersion: options.toolVersion, milliseconds: (.now - begin).milliseconds,
            isOutOfOrder: step.isOutOfOrder, retries: retries)
        try await MigrationLedger.record(file, event: event, in: session)
        try await lock.verify()
    }

    /// A transaction whose own failures, such as a deferred constraint at COMMIT, belong to the file.
    private func committing(_ body: (Session) async throws -> Void) async throws {
        do {
            try await session.withTransaction(.readCommitted, body)
        } catch let error as TransactionError where error.step == .rollback {
            if let failure = error.underlying as? StatementFailure { throw failure }
            throw StatementFailure(statement: nil, cause: error)
        } catch let error as TransactionError {
            throw StatementFailure(statement: nil, cause: error)
        } catch let error as PostgresError {
            throw StatementFailure(statement: nil, cause: error)
        }
    }

    /// Runs a body while a child task looks for sessions that it waits for.
    private func watched(_ blockers: BlockerList, _ body: () async throws -> Void) async throws {
        let rows = try await session.query("select pg_catalog.pg_backend_pid() as pid")
        let pid = try rows.first?.value("pid", as: Int.self) ?? 0
        let name = file.fileName
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                await watch.watch(pid) { found in
                    blockers.note(found)
                    onEvent(.blocked(name, by: found))
                }
            }
            defer { group.cancelAll() }
            try await body()
        }
    }
}

/// The sessions that a migration waited for last; written by the watching task, read after a failure.
private final class BlockerList: Sendable {
    private let list = Mutex<[LockBlocker]>([])

    var latest: [LockBlocker] { list.withLock { $0 } }
    func note(_ blockers: [LockBlocker]) { list.withLock { $0 = blockers } }
}

/// A statement, or the COMMIT after the last one, that failed.
private struct StatementFailure: Error {
    let statement: Statement?
    let cause: any ExplainedError

    /// The same file may succeed when it is tried again.
    var mayPass: Bool {
        guard let state = (cause as? PostgresError)?.sqlState else { return false }
        return state == .lockNotAvailable || state == .deadlockDetected
    }

    func error(
        _ step: MigrationPlan.Step,
        _ applied: [MigrationFileName],
        _ blockers: [LockBlocker]
    ) -> MigrationError {
        MigrationFailure(
            file: step.file, statement: statement, cause: cause, applied: applied,
            ranOutsideTransaction: step.outsideTransaction != nil, blockers: blockers
        ).error
    }
}

extension Duration {
    /// Whole milliseconds.
    var milliseconds: Int { Int(components.seconds) * 1_000 + Int(components.attoseconds / 1_000_000_000_000_000) }
}
