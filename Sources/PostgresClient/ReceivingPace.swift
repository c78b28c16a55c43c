import Foundation
import Glibc

/// Holds what sessions receive by COPY to so many bytes a second, all of them together.
///
/// A token bucket: what was received is paid for with time before more is taken. The bytes wait in the network and then on
/// the server, which stops sending; so the server's work is spread out too.
///
/// `@unchecked`: `state` is touched under `lock` alone. A lock of the system and not `Mutex`, whose waiting the thread
/// sanitizer does not see.
public final class ReceivingPace: @unchecked Sendable {
    /// What came, and how long it was held back.
    public struct Record: Sendable, Hashable {
        /// Bytes received.
        public var bytes = 0
        /// From the first byte to the last, in seconds.
        public var seconds = 0.0
        /// How long sessions waited, in seconds; those of several sessions add up.
        public var waited = 0.0

        /// The mean rate, in bytes per second; `nil` when nothing came.
        public var bytesPerSecond: Int? { seconds > 0 ? Int(Double(bytes) / seconds) : nil }
    }

    private struct State {
        var record = Record()
        var begin: ContinuousClock.Instant?
        /// When all that was received is paid for.
        var paidAt: ContinuousClock.Instant
    }

    /// Bytes per second.
    public let rate: Int
    private let lock = NSLock()
    private var state: State

    /// So long a bucket may run ahead: enough to hide the pauses of sleeping threads.
    private static let burst = Duration.milliseconds(100)
    /// A waiting thread looks so often whether its task was cancelled.
    private static let longestNap = Duration.milliseconds(50)

    /// A pace that nothing was received at yet.
    ///
    /// - Parameter rate: Bytes per second, at least 1.
    public init(rate: Int) {
        precondition(rate > 0, "A rate of nothing would never end")
        self.rate = rate
        state = State(paidAt: .now)
    }

    /// What came so far.
    public var record: Record { lock.withLock { state.record } }

    /// Notes bytes, and blocks this thread until they are paid for or its task is cancelled.
    func pay(for bytes: Int) {
        let begin = ContinuousClock.now
        let due = lock.withLock {
            let now = ContinuousClock.now
            let first = state.begin ?? now
            state.begin = first
            let price = Duration.seconds(1) * (Double(bytes) / Double(rate))
            state.paidAt = max(state.paidAt, now - Self.burst) + price
            state.record.bytes += bytes
            return state.paidAt
        }
        while !Task.isCancelled {
            let left = due - ContinuousClock.now
            guard left > .zero else { break }
            usleep(UInt32(min(left, Self.longestNap) / .microseconds(1)))
        }
        let end = ContinuousClock.now
        lock.withLock {
            if let first = state.begin { state.record.seconds = max(state.record.seconds, (end - first) / .seconds(1)) }
            state.record.waited += (end - begin) / .seconds(1)
        }
    }
}
