import Dispatch

/// Runs calls that wait for a disk or a network on threads of their own, so that no thread of Swift's pool waits.
enum BlockingWork {
    /// Runs a call and waits for it without blocking.
    ///
    /// - Parameter body: The call; it is not cancelled.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws.
    static func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            // A queue of its own has a thread of its own; the global ones share the few of Swift's pool on Linux.
            DispatchQueue(label: "wheels-db.blocking-work").async { continuation.resume(with: Result(catching: body)) }
        }
    }
}
