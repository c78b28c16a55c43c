import Dispatch
import Foundation

/// Renews a claim from a thread of its own: a store may take its time, and the run has other things to do.
final class ClaimHeartbeat: Sendable {
    /// What became of one beat.
    enum Outcome: Sendable {
        /// The claim was renewed.
        case alive
        /// It was not, and may be soon.
        case again
        /// It is lost or nobody needs it any more.
        case over
    }

    private let timing: ClaimTiming
    private let beat: @Sendable () -> Outcome
    /// Signalled once, at the end.
    ///
    /// Its waiting does not depend on the clock on the wall, which may be set meanwhile.
    private let end = DispatchSemaphore(value: 0)

    init(timing: ClaimTiming, beat: @escaping @Sendable () -> Outcome) {
        self.timing = timing
        self.beat = beat
    }

    func start() {
        let thread = Thread { self.run() }
        thread.name = "wheels-db claim"
        thread.start()
    }

    /// Ends the thread at its next pause; a beat under way is not waited for.
    func stop() { end.signal() }

    private func run() {
        var pause = timing.renewal
        while end.wait(timeout: .now() + pause / .seconds(1)) == .timedOut {
            switch beat() {
            case .alive: pause = timing.renewal
            case .again: pause = timing.retry
            case .over: return
            }
        }
    }
}
