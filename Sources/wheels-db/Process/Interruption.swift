import Dispatch
import Glibc
import Synchronization

/// Turns SIGINT and SIGTERM into the cancellation of a task; the second signal ends the process at once.
final class Interruption: Sendable {
    private let signals = Mutex<Int>(0)

    /// Whether a signal came.
    var isRequested: Bool { signals.withLock { $0 > 0 } }

    /// Cancels the task at the first signal.
    ///
    /// SIGPIPE is ignored: writing into a closed pipe is an error like any other. The sources have to be kept as long
    /// as signals shall count.
    func cancel(_ task: Task<Int32, Never>) -> [any DispatchSourceSignal] {
        ignore(SIGPIPE)
        return [SIGINT, SIGTERM].map { number in
            ignore(number)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { [self] in
                let count = signals.withLock { count in
                    count += 1
                    return count
                }
                if count > 1 { _exit(ExitStatus.interrupted.rawValue) }
                task.cancel()
            }
            source.resume()
            return source
        }
    }

    private func ignore(_ number: Int32) {
        _ = signal(number, SIG_IGN)
    }
}
