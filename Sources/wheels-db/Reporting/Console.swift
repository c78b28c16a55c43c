import Diagnostics
import Glibc

/// The two output streams and the keyboard: the only place that writes to the outside.
struct Console: Sendable {
    /// Writes data to standard output.
    let writeOutput: @Sendable (String) throws(CommandError) -> Void
    /// Writes messages to standard error.
    let writeError: @Sendable (String) -> Void
    /// Reads one line that a person types, or `nil` at the end of input.
    let readAnswer: @Sendable () -> String?

    /// The streams of the process.
    static let standard = Console(
        writeOutput: { (text) throws(CommandError) in
            let status = write(text, to: STDOUT_FILENO)
            guard status != 0, status != EPIPE else { return }
            throw CommandError(
                "output.failed",
                "Standard output cannot be written (\(status == ENOSPC ? "the disk is full" : "errno \(status)")).",
                failureClass: status == ENOSPC ? .outOfSpace : .failure
            )
        },
        writeError: { text in _ = write(text, to: STDERR_FILENO) },
        readAnswer: { readLine(strippingNewline: true) }
    )

    /// Writes all bytes, and returns 0 or the `errno` of the failure.
    private static func write(_ text: String, to descriptor: Int32) -> Int32 {
        let bytes = Array(text.utf8)
        var offset = 0
        while offset < bytes.count {
            let written = unsafe bytes[offset...].withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            if written < 0 {
                if errno == EINTR { continue }
                return errno
            }
            offset += written
        }
        return 0
    }
}
