import Foundation

/// Says once that work is to stop, and wakes whoever sleeps.
///
/// `@unchecked`: `isStopped` is touched under the lock of `condition` alone.
final class StopFlag: @unchecked Sendable {
    private let condition = NSCondition()
    private var isStopped = false

    var isSet: Bool { condition.withLock { isStopped } }

    func set() {
        condition.withLock { isStopped = true }
        condition.broadcast()
    }

    /// Blocks until the flag is set, or for a time.
    func wait(seconds: Double) {
        let end = Date(timeIntervalSinceNow: seconds)
        condition.withLock {
            while !isStopped, condition.wait(until: end) {}
        }
    }
}
