import CPostgres
import Synchronization

/// Asks the server to stop what a connection is doing.
///
/// Sendable because `PQcancel` is made to be called from any thread (manual, section 34.7) and the pointer is freed
/// only when nobody holds the handle any more; `@unchecked` because the compiler cannot know that of a C pointer.
@safe final class CancelHandle: @unchecked Sendable {
    private let raw: OpaquePointer?

    /// The corresponding libpq function is `PQgetCancel`.
    init(connection: OpaquePointer) {
        unsafe raw = PQgetCancel(connection)
    }

    /// Sends the request on a connection of its own.
    ///
    /// The outcome is seen by the statement that runs, as 57014.
    func cancel() {
        guard let raw = unsafe raw else { return }
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
            _ = unsafe PQcancel(raw, buffer.baseAddress, Int32(buffer.count))
        }
    }

    deinit {
        if let raw = unsafe raw { unsafe PQfreeCancel(raw) }
    }
}
