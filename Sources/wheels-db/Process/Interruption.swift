import Dispatch
import Glibc
import Synchronization

/// Turns SIGINT, SIGTERM and SIGHUP into the cancellation of a task; the second signal ends the process at once.
final class Interruption: Sendable {
    private let signals = Mutex<Int>(0)

    /// Whether a signal came.
    var isRequested: Bool { signals.withLock { $0 > 0 } }

    /// Cancels the task at the first signal.
    ///
    /// SIGPIPE is ignored: writing into a closed pipe is an error like any other. SIGHUP, the end of the terminal, stays
    /// ignored where it was: `nohup` asked for that. The sources have to be kept as long as signals shall count.
    func cancel(_ task: Task<Int32, Never>) -> [any DispatchSourceSignal] {
        ignore(SIGPIPE)
        let numbers = isIgnored(SIGHUP) ? [SIGINT, SIGTERM] : [SIGINT, SIGTERM, SIGHUP]
        return numbers.map { number in
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

    /// Whether whoever started this process has it ignore a signal.
    private func isIgnored(_ number: Int32) -> Bool {
        var action = sigaction()
        guard unsafe sigaction(number, nil, &action) == 0 else { return false }
        // A handler is an address, or one of a few small numbers: functions cannot be compared otherwise.
        return unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
            == unsafeBitCast(SIG_IGN, to: Int.self)
    }

    private func ignore(_ number: Int32) {
        _ = signal(number, SIG_IGN)
    }
}
