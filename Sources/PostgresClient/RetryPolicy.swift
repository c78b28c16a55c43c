/// How long, and how, a failed connection attempt is repeated.
///
/// Only failures that pass by themselves are repeated: a refused or lost connection, a name that does not resolve yet,
/// a server that is starting (57P03) and a full one (53300). A wrong password is not.
public struct RetryPolicy: Sendable, Hashable {
    /// No attempt begins later than this after the first one.
    public let limit: Duration
    /// The pause after the first failure; it doubles up to ``longestPause``.
    public let firstPause: Duration
    /// The longest pause between two attempts.
    public let longestPause: Duration

    /// A policy by its bounds.
    ///
    /// - Parameters:
    ///   - limit: No attempt begins later than this after the first one.
    ///   - firstPause: The pause after the first failure.
    ///   - longestPause: The longest pause.
    public init(limit: Duration, firstPause: Duration = .milliseconds(200), longestPause: Duration = .seconds(8)) {
        self.limit = limit
        self.firstPause = firstPause
        self.longestPause = longestPause
    }

    /// One attempt.
    public static let none = RetryPolicy(limit: .zero)
    /// For cron and CI: up to a minute.
    public static let unattended = RetryPolicy(limit: .seconds(60))

    /// The pause before the next attempt, or `nil` when the limit is reached.
    ///
    /// - Parameters:
    ///   - failures: How many attempts have failed, 1 or more.
    ///   - elapsed: Time since the first attempt began.
    ///   - jitter: A random number from 0 to 1; clients that failed together must not return together.
    /// - Returns: The pause, or `nil` to give up.
    public func pause(afterFailures failures: Int, elapsed: Duration, jitter: Double) -> Duration? {
        guard elapsed < limit else { return nil }
        var pause = firstPause
        for _ in 1..<max(failures, 1) where pause < longestPause { pause *= 2 }
        pause = min(pause, longestPause)
        let jittered = pause * (0.5 + jitter / 2)
        return elapsed + jittered <= limit ? jittered : nil
    }
}
