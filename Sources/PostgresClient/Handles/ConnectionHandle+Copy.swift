import CPostgres

/// Where the rows of a COPY go.
enum CopyDirection {
    case toClient
    case fromClient
}

extension ConnectionHandle {
    /// One step of a `COPY … TO STDOUT`.
    enum CopyStep: ~Copyable {
        case row(CopyMessage)
        case end
        case lost
    }

    /// Waits for the next CopyData message.
    ///
    /// The corresponding libpq function is `PQgetCopyData`.
    func nextCopyData() -> CopyStep {
        guard let connection = try? unsafe pointer() else { return .lost }
        var bytes: UnsafeMutablePointer<CChar>?
        let count = unsafe PQgetCopyData(connection, &bytes, 0)
        if count > 0, let bytes = unsafe bytes {
            let message = unsafe CopyMessage(owning: bytes, count: Int(count))
            self.count(received: message.wireBytes)
            return .row(message)
        }
        return count == -1 ? .end : .lost
    }

    /// Sends a piece of a `COPY … FROM STDIN`; `false` when the connection is lost.
    ///
    /// The corresponding libpq function is `PQputCopyData`. The session sends 64 KiB at a time, which keeps libpq's own buffer small.
    func putCopyData(_ piece: RawSpan) -> Bool {
        guard let connection = try? unsafe pointer() else { return false }
        return unsafe piece.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return true }
            let characters = unsafe start.assumingMemoryBound(to: CChar.self)
            return unsafe PQputCopyData(connection, characters, Int32(bytes.count)) == 1
        }
    }

    /// Ends a `COPY … FROM STDIN`: well, or by failing it with a message.
    ///
    /// The corresponding libpq function is `PQputCopyEnd`.
    func endCopyIn(failingWith message: String?) -> Bool {
        guard let connection = try? unsafe pointer() else { return false }
        guard let message else { return unsafe PQputCopyEnd(connection, nil) == 1 }
        return unsafe PQputCopyEnd(connection, message) == 1
    }
}

/// Owns the bytes of one CopyData message.
@safe struct CopyMessage: ~Copyable {
    /// What stands before the bytes on the wire: a letter and a length.
    private static let headerBytes = 5

    private let start: UnsafeMutablePointer<CChar>
    private let count: Int

    init(owning start: UnsafeMutablePointer<CChar>, count: Int) {
        unsafe self.start = unsafe start
        self.count = count
    }

    deinit { unsafe PQfreemem(start) }

    /// How many bytes came from the server.
    var wireBytes: Int { Self.headerBytes + count }

    /// Lends the bytes for the length of the call.
    borrowing func withBytes(_ body: (RawSpan) throws -> Void) rethrows {
        try unsafe body(UnsafeRawBufferPointer(start: start, count: count).bytes)
    }
}
