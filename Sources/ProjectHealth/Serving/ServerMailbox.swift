import Synchronization

/// What the thread of the server and the maker of reports tell each other.
final class ServerMailbox: Sendable {
    private struct State {
        var report: HealthReport?
        var madeAt: ContinuousClock.Instant?
        var isBeingMade = false
        var isStopping = false
    }

    private let state = Mutex(State())
    private let wakeup: Wakeup
    private let askForReport: @Sendable () -> Void

    /// A mailbox.
    ///
    /// - Parameters:
    ///   - wakeup: Wakes the server's thread.
    ///   - askForReport: Tells the maker of reports that one is wanted.
    init(wakeup: Wakeup, askForReport: @escaping @Sendable () -> Void) {
        self.wakeup = wakeup
        self.askForReport = askForReport
    }

    /// A report that is young enough, or was made since the request came; else one is asked for, once for however many
    /// requests wait.
    func freshReport(_ cacheTime: Duration, asked: ContinuousClock.Instant) -> HealthReport? {
        let (report, isWanted): (HealthReport?, Bool) = state.withLock { state in
            if let report = state.report, let madeAt = state.madeAt, madeAt >= asked || .now - madeAt < cacheTime {
                return (report, false)
            }
            let isWanted = !state.isBeingMade
            state.isBeingMade = true
            return (nil, isWanted)
        }
        if isWanted { askForReport() }
        return report
    }

    /// Whether the server was asked to stop.
    var isStopping: Bool { state.withLock { $0.isStopping } }

    /// Hands over a report and wakes the server.
    func publish(_ report: HealthReport) {
        state.withLock { state in
            state.report = report
            state.madeAt = .now
            state.isBeingMade = false
        }
        wakeup.wake()
    }

    /// Asks the server to stop.
    func stop() {
        state.withLock { $0.isStopping = true }
        wakeup.wake()
    }
}
