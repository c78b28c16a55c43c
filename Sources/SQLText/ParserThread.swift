import Dispatch
import Synchronization

/// The thread that parses one text after another; it is made with the first text and stays.
final class ParserThread: Sendable {
    static let shared = ParserThread()
    static let stackBytes = 64 << 20

    private let waiting = Mutex<[ParserJob]>([])
    private let isWork = DispatchSemaphore(value: 0)
    private let isThere = Mutex(false)

    private init() {
        let retained = unsafe Unmanaged.passRetained(self)
        let thread = unsafe StackThread.start(stackBytes: Self.stackBytes, runThread, retained.toOpaque())
        if thread == nil { unsafe retained.release() }
        isThere.withLock { $0 = thread != nil }
    }

    /// Waits until a job has run; `false` when there is no thread.
    func run(_ job: ParserJob) -> Bool {
        guard isThere.withLock(\.self) else { return false }
        waiting.withLock { $0.append(job) }
        isWork.signal()
        job.isDone.wait()
        return true
    }

    func work() -> Never {
        while true {
            isWork.wait()
            let job = waiting.withLock { $0.isEmpty ? nil : $0.removeFirst() }
            job?.run()
            job?.isDone.signal()
        }
    }
}

private func runThread(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context = unsafe context else { return nil }
    unsafe Unmanaged<ParserThread>.fromOpaque(context).takeRetainedValue().work()
}

/// A call that is handed to another thread.
///
/// `@unchecked`: the one thread that runs it writes the outcome before it ends or signals, the caller reads it after.
class ParserJob: @unchecked Sendable {
    let isDone = DispatchSemaphore(value: 0)

    func run() {}
}
