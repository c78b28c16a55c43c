import Foundation
import OffPool

/// How long, and how patiently, a request is repeated that failed for a passing reason.
///
/// The pause before each repetition is random between zero and a bound that doubles ("full jitter"), so that many
/// workers that failed together do not come back together. The time is bounded, not the number of attempts.
public struct RetryPolicy: Sendable {
    /// How long after the first failure, or after the last progress, nothing is repeated any more.
    public var limit: Duration
    /// The bound of the first pause.
    public var firstPause: Duration
    /// The bound that no pause exceeds.
    public var longestPause: Duration
    /// The time since some fixed moment.
    public var now: @Sendable () -> Duration
    /// Blocks the calling thread.
    public var sleep: @Sendable (Duration) -> Void
    /// A random number from 0 to 1.
    public var random: @Sendable () -> Double

    /// For a minute, with pauses of up to eight seconds.
    public static let standard = RetryPolicy()

    /// How long, and how patiently.
    ///
    /// - Parameters:
    ///   - limit: How long after the first failure nothing is repeated any more.
    ///   - firstPause: The bound of the first pause.
    ///   - longestPause: The bound that no pause exceeds.
    ///   - now: The time since some fixed moment.
    ///   - sleep: Blocks the calling thread.
    ///   - random: A random number from 0 to 1.
    public init(
        limit: Duration = .seconds(60),
        firstPause: Duration = .milliseconds(200),
        longestPause: Duration = .seconds(8),
        now: @escaping @Sendable () -> Duration = RetryPolicy.uptime,
        sleep: @escaping @Sendable (Duration) -> Void = RetryPolicy.block,
        random: @escaping @Sendable () -> Double = { Double.random(in: 0...1) }
    ) {
        self.limit = limit
        self.firstPause = firstPause
        self.longestPause = longestPause
        self.now = now
        self.sleep = sleep
        self.random = random
    }

    /// The bound of the pause after a number of failures.
    ///
    /// - Parameter failures: How many there were, at least 1.
    /// - Returns: The bound.
    public func bound(after failures: Int) -> Duration {
        let doublings = min(max(failures - 1, 0), 20)
        return min(longestPause, firstPause * (1 << doublings))
    }

    /// A clock that no change of the time of day moves.
    @Sendable public static func uptime() -> Duration {
        ContinuousClock.now - Self.start
    }

    /// Blocks the calling thread for a while, or until its work is cancelled.
    ///
    /// - Parameter duration: How long.
    @Sendable public static func block(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        Cancellation.sleep(seconds: Double(seconds) + Double(attoseconds) / 1e18)
    }

    private static let start = ContinuousClock.now
}

/// The failures of one piece of work so far.
struct Retries {
    let policy: RetryPolicy
    private(set) var failures = 0
    private var since: Duration?

    init(_ policy: RetryPolicy) { self.policy = policy }

    /// Starts the time anew, because something got on.
    mutating func progress() {
        since = nil
        failures = 0
    }

    /// Counts a failure and pauses.
    ///
    /// - Parameter asked: The pause that the server asked for.
    /// - Returns: Whether there is time for another attempt.
    mutating func pause(asked: Duration? = nil) -> Bool {
        failures += 1
        let now = policy.now()
        let begin = since ?? now
        since = begin
        let pause = max(policy.bound(after: failures) * policy.random(), min(asked ?? .zero, policy.longestPause))
        guard now - begin + pause < policy.limit else { return false }
        policy.sleep(pause)
        return true
    }
}
