import Glibc

/// An exclusive `flock` on a file, released with the value or with the process.
final class FileLock: Sendable {
    private let descriptor: FileDescriptor

    private init(_ descriptor: FileDescriptor) { self.descriptor = descriptor }

    /// Takes the lock if nobody has it.
    static func attempt(_ path: String) throws(SystemCallError) -> FileLock? {
        let number = try SystemCallError.check("open \(path)", unsafe open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600))
        let descriptor = FileDescriptor(owning: number)
        guard flock(number, LOCK_EX | LOCK_NB) == 0 else {
            guard errno == EWOULDBLOCK else { throw SystemCallError("flock \(path)") }
            return nil
        }
        return FileLock(descriptor)
    }

    /// Takes the lock, waiting for its holder.
    static func acquire(_ path: String, within limit: Duration) async throws -> FileLock? {
        let begin = ContinuousClock.now
        while true {
            if let lock = try attempt(path) { return lock }
            guard ContinuousClock.now - begin < limit else { return nil }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    func release() { descriptor.close() }
}
