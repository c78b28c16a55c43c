import Dispatch

/// The cancellation of work that runs on a thread of its own and cannot `await`.
package enum Cancellation: Sendable {
    @TaskLocal static var stop: StopFlag?

    /// Ends the work when the task that waits for it was cancelled; outside of ``offPool(_:)`` it does nothing.
    ///
    /// - Throws: `CancellationError`.
    package static func check() throws {
        if stop?.isSet == true { throw CancellationError() }
    }

    /// Blocks this thread for a while, or until the task that waits for it is cancelled.
    ///
    /// - Parameter seconds: How long.
    package static func sleep(seconds: Double) { (stop ?? StopFlag()).wait(seconds: seconds) }

    /// Runs work on several threads at once and waits; all of it is cancelled with the work of this thread.
    ///
    /// - Parameters:
    ///   - lanes: How often the work runs.
    ///   - work: The work; gets the number of its lane, from 0.
    package static func concurrentPerform(lanes: Int, _ work: @Sendable (Int) -> Void) {
        let stop = stop
        DispatchQueue.concurrentPerform(iterations: lanes) { lane in $stop.withValue(stop) { work(lane) } }
    }

    /// Does to its end what must not stop in its middle: the last step of a run, or cleaning up after it.
    ///
    /// - Parameter work: The work.
    /// - Returns: The work's result.
    /// - Throws: What the work throws.
    package static func shielded<Result>(_ work: () throws -> Result) rethrows -> Result {
        try $stop.withValue(nil) { try work() }
    }
}
