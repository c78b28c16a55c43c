import OffPool

/// Runs calls that wait for a disk or a network on threads of their own, so that no thread of Swift's pool waits.
enum BlockingWork {
    /// Runs a call and waits for it without blocking; when the task is cancelled, the call stops at its next object.
    ///
    /// - Parameter body: The call.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws.
    static func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await offPool(body)
    }
}
