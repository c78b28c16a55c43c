import Foundation
import Glibc

/// How the kernel shares the processors between this program and others.
enum BatchScheduling {
    /// SCHED_BATCH of Linux, which Swift's Glibc does not have.
    private static let policy: Int32 = 3

    /// Says that the program's threads work through a heap and need not be woken at once.
    ///
    /// A server sends rows 8 KiB at a time. Where it runs on the same machine, waking the reader for each of them takes
    /// the processor from the server; with this policy the reader wakes when the server pauses, and reads more at once.
    /// Programs that are started afterwards have it too. See `sched(7)`, section "SCHED_BATCH". A kernel that refuses
    /// only makes the work slower.
    static func begin() {
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
        // Of SCHED_BATCH, priority 0 is the only one.
        var parameters = sched_param()
        for thread in threads.compactMap({ pid_t($0) }) { _ = unsafe sched_setscheduler(thread, policy, &parameters) }
    }
}
