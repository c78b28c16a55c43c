import Diagnostics
import Foundation
import PostgresClient
import PostgresTypes

/// Tries the work on one relation again while it fails for want of a lock, and says who holds it.
struct PatientRun: Sendable {
    let relation: RelationName
    let options: PolicyOptions
    let watch: BlockerWatch
    let pid: Int
    let done: [RelationName]
    let onEvent: @Sendable (PolicyEvent) -> Void

    /// Runs the work until it succeeds, or fails for another reason.
    ///
    /// - Throws: ``PolicyError`` that names the relation, what was done before it, and who was in the way;
    ///   ``UnusableFile``; `PostgresError` when the task is cancelled.
    func run<Value: Sendable>(_ work: () async throws -> Value) async throws -> Value {
        let blockers = BlockerList()
        let begin = ContinuousClock.now
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                await watch.watch(pid) { found in
                    blockers.note(found)
                    onEvent(.blocked(relation, by: found))
                }
            }
            defer { group.cancelAll() }
            var failures = 0
            while true {
                do { return try await work() } catch {
                    failures += 1
                    let pause = options.lockRetry.pause(
                        afterFailures: failures, elapsed: .now - begin, jitter: .random(in: 0...1))
                    guard Self.mayPass(error), let pause else { throw explained(error, blockers.latest) }
                    onEvent(.retrying(relation, failures: failures, pause: pause))
                    try await Task.sleep(for: pause)
                }
            }
        }
    }

    /// Whether the same work may succeed when it is tried again.
    private static func mayPass(_ error: any Error) -> Bool {
        if error is CatalogMoved { return true }
        guard let error = serverError(error) else { return false }
        if error.sqlState?.isRetryable == true { return true }
        // Two sessions that grant on one object at once: the server knows no better state for it.
        return error.sqlState == "XX000" && error.message.contains("concurrently updated")
    }

    private static func serverError(_ error: any Error) -> PostgresError? {
        switch error {
        case let failure as StatementFailure: failure.error
        case let failure as TransactionError: serverError(failure.underlying)
        default: error as? PostgresError
        }
    }

    private func explained(_ error: any Error, _ blockers: [LockBlocker]) -> any Error {
        if error is UnusableFile || error is PolicyError { return error }
        if let error = error as? PostgresError, error.kind == .cancelled { return error }
        if error is CatalogMoved { return PolicyError.moved(relation, done) }
        if let left = error as? NotConverged { return PolicyError.notConverged(relation, left, done) }
        guard let cause = Self.serverError(error) ?? error as? any ExplainedError else { return error }
        return PolicyError.failed(
            relation, cause, statement: (error as? StatementFailure)?.statement, blockers: blockers, done: done)
    }
}

/// The sessions that a relation waited for last; written by the watching task, read after a failure.
///
/// `@unchecked`: `list` is touched under `lock` alone, a lock that the thread sanitizer sees.
private final class BlockerList: @unchecked Sendable {
    private let lock = NSLock()
    private var list: [LockBlocker] = []

    var latest: [LockBlocker] { lock.withLock { list } }
    func note(_ blockers: [LockBlocker]) { lock.withLock { list = blockers } }
}

extension PolicyError {
    static func failed(
        _ relation: RelationName,
        _ cause: any ExplainedError,
        statement: String?,
        blockers: [LockBlocker],
        done: [RelationName]
    ) -> PolicyError {
        let who = blockers.map(\.description).joined(separator: "; ")
        let waited = blockers.isEmpty ? "" : " It waited for \(who)."
        let what = statement.map { " The statement: \($0.split(separator: "\n")[0])." } ?? ""
        return PolicyError(
            code: "policy.failed",
            summary: "\(relation): \(cause.summary)\(what)\(waited) Nothing of \(relation) was kept. "
                + PolicyError.done(done),
            remedy: remedy(cause, blockers), failureClass: cause.failureClass, underlying: cause)
    }

    private static func remedy(_ cause: any ExplainedError, _ blockers: [LockBlocker]) -> Remedy {
        let again = "wheels-db policy apply"
        switch (cause as? PostgresError)?.sqlState {
        case .lockNotAvailable?:
            return Remedy(
                blockers.isEmpty
                    ? "Wait until nobody uses the table, then run again:"
                    : "End the sessions named above, or wait for them, then run again:", command: again)
        case .insufficientPrivilege?:
            return Remedy("Run it as the owner of the table (on Supabase: postgres).")
        default: return cause.remedy ?? Remedy("When the reason is gone, run again:", command: again)
        }
    }

    static func moved(_ relation: RelationName, _ done: [RelationName]) -> PolicyError {
        PolicyError(
            code: "policy.moved",
            summary: "\(relation) was changed again and again by somebody else while it was to be changed. "
                + "Nothing of \(relation) was kept. \(PolicyError.done(done))",
            remedy: Remedy("See what it is like now:", command: "wheels-db policy plan"))
    }

    static func notConverged(_ relation: RelationName, _ left: NotConverged, _ done: [RelationName]) -> PolicyError {
        PolicyError(
            code: "policy.not-converged",
            summary: "\(relation) would still not be as its file says: "
                + "\(left.changes.map(\.summary).joined(separator: "; ")). Nothing of \(relation) was kept. "
                + PolicyError.done(done),
            remedy: Remedy(
                "A privilege that another role granted can only be revoked by that role: see \\dp \(relation) in psql.")
        )
    }
}
