import Dispatch

/// Runs calls that wait for a disk or a network on threads of their own, so that no thread of Swift's pool waits.
enum BlockingWork {
    private static let queue = DispatchQueue(label: "wheels-db blocking work", attributes: .concurrent)

    /// Runs a call and waits for it without blocking.
    ///
    /// - Parameter body: The call; it is not cancelled.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws.
    static func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result(catching: body)) }
        }
    }
}
