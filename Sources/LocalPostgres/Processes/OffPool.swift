import Dispatch

/// Runs work that blocks and cannot fail on a thread that Swift's pool does not miss.
///
/// - Parameter work: What blocks.
/// - Returns: The work's result.
package func offPool<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result {
    await withCheckedContinuation { continuation in
        ownThread().async { continuation.resume(returning: work()) }
    }
}

/// Runs work that blocks (waiting for a child, walking a directory) on a thread that Swift's pool does not miss.
///
/// - Parameter work: What blocks.
/// - Returns: The work's result.
/// - Throws: What the work throws.
package func offPool<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        ownThread().async {
            continuation.resume(with: Swift.Result { try work() })
        }
    }
}

/// A queue that gets a thread of its own; the global queues share the few threads of Swift's pool on Linux.
private func ownThread() -> DispatchQueue { DispatchQueue(label: "wheels-db.off-pool") }
