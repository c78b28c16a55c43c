public import Foundation

/// What is done again after so long, such as a full read or a drill every seven days.
///
/// A timer does not keep its minute, and work takes its time: the seventh night may begin a little less than seven days
/// after the first one ended. Then waiting for the eighth would break the promise, so a tenth of the time, at most an
/// hour, is not waited for.
public struct Recurrence: Sendable, Hashable {
    /// After how many seconds.
    private let seconds: Double

    /// What is done again.
    ///
    /// - Parameter seconds: After how many seconds.
    public init(every seconds: Double) { self.seconds = seconds }

    /// Whether it is time to do it again.
    ///
    /// - Parameters:
    ///   - last: When it was done last.
    ///   - now: What time it is, by the same clock.
    /// - Returns: Whether it is.
    public func isDue(last: Date, now: Date) -> Bool {
        now.timeIntervalSince(last) >= seconds - min(3_600, seconds / 10)
    }
}
