import Dispatch

/// Runs work that blocks and cannot fail on a thread that Swift's pool does not miss.
///
/// - Parameter work: What blocks.
/// - Returns: The work's result.
package func offPool<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result {
    let stop = StopFlag()
    return await withTaskCancellationHandler {
        await withCheckedContinuation { continuation in
            ownThread().async { continuation.resume(returning: Cancellation.$stop.withValue(stop) { work() }) }
        }
    } onCancel: {
        stop.set()
    }
}

/// Runs work that blocks (a disk, a network, a child process) on a thread that Swift's pool does not miss.
///
/// When the task is cancelled, the work goes on until it asks ``Cancellation/check()`` the next time; a store
/// of backups asks before each of its calls.
///
/// - Parameter work: What blocks.
/// - Returns: The work's result.
/// - Throws: What the work throws.
package func offPool<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
    let stop = StopFlag()
    return try await withTaskCancellationHandler {
        try await withCheckedThrowingContinuation { continuation in
            ownThread().async {
                continuation.resume(with: Swift.Result { try Cancellation.$stop.withValue(stop) { try work() } })
            }
        }
    } onCancel: {
        stop.set()
    }
}

/// A queue that gets a thread of its own; the global queues share the few threads of Swift's pool on Linux.
private func ownThread() -> DispatchQueue { DispatchQueue(label: "wheels-db.off-pool") }
