import Dispatch

/// Runs work that blocks (waiting for a child, walking a directory) on a thread that Swift's pool does not miss.
///
/// - Parameter work: What blocks.
/// - Returns: The work's result.
/// - Throws: What the work throws.
package func offPool<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        DispatchQueue.global().async {
            continuation.resume(with: Swift.Result { try work() })
        }
    }
}
