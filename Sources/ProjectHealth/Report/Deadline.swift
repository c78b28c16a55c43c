import Dispatch
import Synchronization

/// An operation took longer than it may.
public struct DeadlineExceeded: Error, Sendable, Hashable {
    /// The time it had.
    public let limit: Duration
}

/// Gives work a time that it may take.
public enum Deadline: Sendable {
    /// Runs work that listens to cancellation, and cancels it when its time is up.
    ///
    /// - Parameters:
    ///   - limit: The time it has.
    ///   - work: The work.
    /// - Returns: What the work returns.
    /// - Throws: ``DeadlineExceeded``, or what the work throws.
    public static func run<Value: Sendable>(
        within limit: Duration,
        _ work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                try await Task.sleep(for: limit)
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let value = first else { throw DeadlineExceeded(limit: limit) }
            return value
        }
    }

    /// Runs work that blocks its thread on a thread of its own, and does not wait for it when its time is up.
    ///
    /// Work that cannot be cancelled, such as reading a folder on a server that is gone, then ends by itself, unheard.
    ///
    /// - Parameters:
    ///   - limit: The time it has.
    ///   - work: The work.
    /// - Returns: What the work returns.
    /// - Throws: ``DeadlineExceeded``, or what the work throws.
    public static func runBlocking<Value: Sendable>(
        within limit: Duration,
        _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let once = Once(continuation)
            let nanoseconds =
                limit.components.seconds * 1_000_000_000
                + limit.components.attoseconds / 1_000_000_000
            let timer = DispatchTime.now() + .nanoseconds(Int(nanoseconds))
            DispatchQueue.global().asyncAfter(deadline: timer) {
                once.resume(with: .failure(DeadlineExceeded(limit: limit)))
            }
            DispatchQueue(label: "wheels-db.blocking").async { once.resume(with: Result { try work() }) }
        }
    }
}

/// A continuation that whoever comes first resumes.
private final class Once<Value: Sendable>: Sendable {
    private let waiting: Mutex<CheckedContinuation<Value, any Error>?>

    init(_ continuation: CheckedContinuation<Value, any Error>) { waiting = Mutex(continuation) }

    func resume(with result: Result<Value, any Error>) {
        let continuation = waiting.withLock { $0.take() }
        continuation?.resume(with: result)
    }
}
