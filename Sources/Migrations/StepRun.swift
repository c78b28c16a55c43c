import Diagnostics
import Foundation
import PostgresClient
import PostgresTypes
import SQLText

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
        do {
            let blockers = BlockerList()
            try await watched(blockers) { try await tryAgain(begin, blockers) }
        } catch let lost as LockLost {
            throw MigrationError.lockLost(lost, file, appliedBefore, kept: kept)
        } catch let failure as StatementFailure {
            throw await explained(failure, [])
        }
        onEvent(.applied(file.fileName, duration: .now - begin))
    }

    /// Attempts until one succeeds, or fails for another reason than a lock.
    private func tryAgain(_ begin: ContinuousClock.Instant, _ blockers: BlockerList) async throws {
        var failures = 0
        while true {
            do {
                return try await attempt(begin: begin, retries: failures)
            } catch let failure as StatementFailure {
                if let lost = await lockLost(behind: failure) { throw lost }
                failures += 1
                let pause = options.lockRetry.pause(
                    afterFailures: failures, elapsed: .now - begin, jitter: .random(in: 0...1))
                guard step.outsideTransaction == nil, failure.mayPass, let pause else {
                    throw await explained(failure, blockers.latest)
                }
                onEvent(.retrying(file.fileName, failures: failures, pause: pause))
                try await Task.sleep(for: pause)
            }
        }
    }

    private var kept: KeptPart { step.outsideTransaction == nil ? .nothing : .unknown }

    private func attempt(begin: ContinuousClock.Instant, retries: Int) async throws {
        try await prepare()
        guard let command = step.outsideTransaction else {
            try await committing { session in
                let milliseconds = options.lockTimeout.milliseconds
                try await session.execute("set local lock_timeout = \(unsafeSQL: "\(milliseconds)")")
                for statement in file.up { try await run(statement) }
                try await record(session, begin, retries)
            }
            return
        }
        for statement in file.up { try await run(statement) }
        if command.contains("INDEX") { try await refuseInvalidIndexes() }
        try await committing { session in try await record(session, begin, retries) }
    }

    /// Makes the session as good as new: what a file before set or left in it must not reach this one.
    private func prepare() async throws {
        do {
            try await session.executeScript("reset session authorization; reset role;")
            // Settings, temporary tables, prepared statements, cursors, locks and listeners of the session.
            try await session.execute("discard all")
        } catch {
            throw StatementFailure(place: .beginning, cause: error)
        }
        try await lock.verify()
    }

    private func run(_ statement: Statement) async throws {
        do {
            try await session.executeScript(statement.text)
        } catch {
            throw StatementFailure(place: .statement(statement), cause: error)
        }
    }

    private func record(_ session: Session, _ begin: ContinuousClock.Instant, _ retries: Int) async throws {
        let event = LedgerEvent(
            action: "up", toolVersion: options.toolVersion, milliseconds: (.now - begin).milliseconds,
            isOutOfOrder: step.isOutOfOrder, retries: retries)
        do {
            try await MigrationLedger.record(file, event: event, in: session)
        } catch let error as PostgresError {
            throw StatementFailure(place: .ledger, cause: error)
        }
        try await lock.verify()
    }

    /// A transaction whose own failures, such as a deferred constraint at COMMIT, belong to the file.
    private func committing(_ body: (Session) async throws -> Void) async throws {
        do {
            try await session.withTransaction(.readCommitted, body)
        } catch let error as TransactionError where error.step == .rollback {
            if error.underlying is StatementFailure || error.underlying is LockLost { throw error.underlying }
            throw StatementFailure(place: .commit, cause: error)
        } catch let error as TransactionError {
            throw StatementFailure(place: .commit, cause: error)
        } catch let error as PostgresError {
            throw StatementFailure(place: .beginning, cause: error)
        }
    }

    /// The lost lock, when the statement was stopped because of it.
    private func lockLost(behind failure: StatementFailure) async -> LockLost? {
        guard (failure.cause as? PostgresError)?.sqlState == .queryCanceled, !Task.isCancelled else { return nil }
        do { try await lock.verify() } catch { return error as? LockLost }
        return nil
    }

    /// An index that `IF NOT EXISTS` found may be the rest of a build that failed: it is there and does nothing.
    private func refuseInvalidIndexes() async throws {
        let names = (try? await InvalidIndexes.named(in: file.up, session)) ?? []
        guard names.isEmpty else { throw MigrationError.invalidIndex(names, file, appliedBefore) }
    }

    private func explained(_ failure: StatementFailure, _ blockers: [LockBlocker]) async -> MigrationError {
        let isIndex = step.outsideTransaction?.contains("INDEX") == true
        let invalid = isIndex ? (try? await InvalidIndexes.named(in: file.up, session)) ?? [] : []
        return MigrationFailure(
            file: file, place: failure.place, cause: failure.cause, applied: appliedBefore,
            ranOutsideTransaction: step.outsideTransaction != nil, blockers: blockers, invalidIndexes: invalid
        ).error
    }

    /// Runs a body while a child task looks for sessions that it waits for.
    private func watched(_ blockers: BlockerList, _ body: () async throws -> Void) async throws {
        let pid: Int
        do {
            let rows = try await session.query("select pg_catalog.pg_backend_pid() as pid")
            pid = try rows.first?.value("pid", as: Int.self) ?? 0
        } catch let error as PostgresError {
            throw StatementFailure(place: .beginning, cause: error)
        }
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
///
/// `@unchecked`: `list` is touched under `lock` alone, a lock that the thread sanitizer sees.
private final class BlockerList: @unchecked Sendable {
    private let lock = NSLock()
    private var list: [LockBlocker] = []

    var latest: [LockBlocker] { lock.withLock { list } }
    func note(_ blockers: [LockBlocker]) { lock.withLock { list = blockers } }
}

/// Where a file failed, and why.
private struct StatementFailure: Error {
    let place: MigrationFailure.Place
    let cause: any ExplainedError

    /// The same file may succeed when it is tried again.
    var mayPass: Bool {
        guard let state = (cause as? PostgresError)?.sqlState else { return false }
        return state == .lockNotAvailable || state == .deadlockDetected
    }
}

extension Duration {
    /// Whole milliseconds.
    var milliseconds: Int { Int(components.seconds) * 1_000 + Int(components.attoseconds / 1_000_000_000_000_000) }
}
