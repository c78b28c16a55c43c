import Dispatch

/// Runs a session's jobs on a queue of its own.
///
/// libpq blocks in `poll`. On the cooperative pool, which has one thread a core, eight waiting sessions would starve
/// every other task; on a serial queue each session waits on a thread that nobody else needs.
final class SessionExecutor: SerialExecutor {
    private let queue: DispatchQueue

    init(label: String) {
        queue = DispatchQueue(label: label)
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { unsafe job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }

    func checkIsolated() {
        dispatchPrecondition(condition: .onQueue(queue))
    }
}
