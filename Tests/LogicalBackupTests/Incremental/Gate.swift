import Dispatch

/// Holds a backup at a moment of its life until something else has happened.
final class Gate: Sendable {
    private let stream: AsyncStream<Void>
    private let open: AsyncStream<Void>.Continuation
    private let passed = DispatchSemaphore(value: 0)

    init() { (stream, open) = AsyncStream<Void>.makeStream() }

    /// Waits until the backup is at that moment.
    func opened() async { for await _ in stream { return } }

    /// Lets the other side begin, and blocks the thread until it is done: a handler of progress cannot wait otherwise.
    func openAndWait() {
        open.yield()
        open.finish()
        passed.wait()
        // A turnstile: who comes again goes through.
        passed.signal()
    }

    /// Lets the backup go on.
    func pass() { passed.signal() }
}
