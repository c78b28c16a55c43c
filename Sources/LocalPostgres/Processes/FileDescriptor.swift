import Glibc
import Synchronization

/// An open file descriptor that is closed once: on request, or with its last owner.
final class FileDescriptor: Sendable {
    let number: Int32
    private let isOpen = Atomic(true)

    init(owning number: Int32) { self.number = number }

    deinit { close() }

    func close() {
        guard isOpen.exchange(false, ordering: .acquiringAndReleasing) else { return }
        _ = Glibc.close(number)
    }
}

/// A pipe whose ends no child inherits by accident.
struct Pipe: Sendable {
    let readEnd: FileDescriptor
    let writeEnd: FileDescriptor

    init() throws(SystemCallError) {
        var ends: [Int32] = [-1, -1]
        try SystemCallError.check("pipe", unsafe pipe(&ends))
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        readEnd = FileDescriptor(owning: ends[0])
        writeEnd = FileDescriptor(owning: ends[1])
    }
}
