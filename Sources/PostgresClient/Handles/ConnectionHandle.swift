import CPostgres
import Diagnostics
import Glibc
import PostgresTypes

/// Owns one `PGconn`.
///
/// A class and not a `~Copyable` value, because a session closes it before its own end. It is not Sendable: the
/// session's executor is the only place that touches it.
@safe final class ConnectionHandle {
    private var raw: OpaquePointer?
    private let notices: NoticeBox
    /// Bytes of rows that came from the server, as its protocol frames them.
    private(set) var receivedBytes = 0

    private init(owning raw: OpaquePointer, notices: NoticeBox) {
        unsafe self.raw = raw
        self.notices = notices
    }

    deinit { close() }

    /// Ends the connection; a second call does nothing.
    func close() {
        guard let raw = unsafe raw else { return }
        unsafe PQfinish(raw)
        unsafe self.raw = nil
    }

    /// Connects, and gives up at the deadline or when the task is cancelled.
    ///
    /// `PQconnectPoll` and not `PQconnectdb`: the verbosity set before the handshake makes the server's SQLSTATE part
    /// of the message, which is the only way to learn it before a connection stands.
    static func open(
        keywords: [String: String],
        timeout: Duration,
        isCancelled: @Sendable () -> Bool,
        onNotice: @escaping @Sendable (ServerNotice) -> Void
    ) throws(PostgresError) -> sending ConnectionHandle {
        let names = keywords.keys.sorted()
        var cNames = unsafe names.map { unsafe strdup($0) }
        var cValues = unsafe names.map { unsafe strdup(keywords[$0] ?? "") }
        unsafe cNames.append(nil)
        unsafe cValues.append(nil)
        defer {
            for place in unsafe cNames.indices {
                unsafe free(cNames[place])
                unsafe free(cValues[place])
            }
        }
        let start = unsafe cNames.map { unsafe UnsafePointer($0) }.withUnsafeBufferPointer { names in
            unsafe cValues.map { unsafe UnsafePointer($0) }.withUnsafeBufferPointer { values in
                unsafe PQconnectStartParams(names.baseAddress, values.baseAddress, 0)
            }
        }
        guard let raw = unsafe start else {
            throw PostgresError(kind: .cannotConnect, message: "libpq is out of memory")
        }
        let handle = unsafe ConnectionHandle(owning: raw, notices: NoticeBox(onNotice))
        unsafe PQsetErrorVerbosity(raw, PQERRORS_VERBOSE)
        try handle.finishConnecting(deadline: .now + timeout, timeout: timeout, isCancelled: isCancelled)
        handle.receiveNotices()
        return handle
    }

    private func finishConnecting(
        deadline: ContinuousClock.Instant,
        timeout: Duration,
        isCancelled: @Sendable () -> Bool
    ) throws(PostgresError) {
        guard let raw = unsafe raw, unsafe PQstatus(raw) != CONNECTION_BAD else { throw connectError() }
        var polling = PGRES_POLLING_WRITING
        while polling != PGRES_POLLING_OK {
            if polling == PGRES_POLLING_FAILED { throw connectError() }
            if isCancelled() { throw PostgresError(kind: .cancelled, message: "Cancelled while connecting") }
            if ContinuousClock.now > deadline {
                throw PostgresError(kind: .cannotConnect, message: "No answer within \(timeout.components.seconds) s")
            }
            let events = Int16(polling == PGRES_POLLING_READING ? POLLIN : POLLOUT)
            var descriptor = unsafe pollfd(fd: PQsocket(raw), events: events, revents: 0)
            guard unsafe poll(&descriptor, 1, 200) != 0 else { continue }
            polling = unsafe PQconnectPoll(raw)
        }
    }

    private func receiveNotices() {
        guard let raw = unsafe raw else { return }
        let receiver: PQnoticeReceiver = { context, result in
            guard let context = unsafe context, let result = unsafe result else { return }
            unsafe Unmanaged<NoticeBox>.fromOpaque(context).takeUnretainedValue().receive(result)
        }
        // The box lives as long as this handle, and libpq calls only from inside calls on this connection.
        unsafe PQsetNoticeReceiver(raw, receiver, Unmanaged.passUnretained(notices).toOpaque())
    }

    /// Counts bytes that came from the server.
    func count(received bytes: Int) { receivedBytes += bytes }

    /// The pointer for one call; throws when the connection was closed.
    func pointer() throws(PostgresError) -> OpaquePointer {
        guard let raw = unsafe raw else {
            throw PostgresError(kind: .closed, message: "The session is closed")
        }
        return unsafe raw
    }

    var serverVersion: ServerVersion { unsafe ServerVersion(number: raw.map { unsafe Int(PQserverVersion($0)) } ?? 0) }
    /// The process id that the server's key data named: behind a pooler it is the pooler's invention.
    var backendPID: Int32 { unsafe raw.map { unsafe PQbackendPID($0) } ?? 0 }
    var isInTransaction: Bool { unsafe raw.map { unsafe PQtransactionStatus($0) != PQTRANS_IDLE } ?? false }
    var usesTLS: Bool { unsafe raw.map { unsafe PQsslInUse($0) != 0 } ?? false }

    /// The server of this connection, where several were named, and the password, also one that a file gave.
    var keywordsInUse: [String: String] {
        guard let raw = unsafe raw else { return [:] }
        func text(_ value: UnsafePointer<CChar>?) -> String { unsafe value.map { unsafe String(cString: $0) } ?? "" }
        let all = unsafe [
            "host": text(PQhost(raw)), "hostaddr": text(PQhostaddr(raw)), "port": text(PQport(raw)),
            "password": text(PQpass(raw)), "user": text(PQuser(raw)), "dbname": text(PQdb(raw)),
        ]
        return all.filter { !$0.value.isEmpty }
    }

    func makeCancelHandle() throws(PostgresError) -> CancelHandle { try unsafe CancelHandle(connection: pointer()) }

    private func connectError() -> PostgresError {
        ConnectFailure.error(libpqMessage: errorMessage)
    }

    /// libpq's last message for this connection.
    var errorMessage: String { unsafe raw.map { unsafe String(cString: PQerrorMessage($0)) } ?? "" }

    /// The error of a call that gave no result.
    func lostConnection(statement: String?) -> PostgresError {
        // libpq's last result says only that the connection is gone; the server's own last word stands before it.
        let answer = ConnectFailure.serverAnswer(in: errorMessage)
        let text =
            answer?.message ?? errorMessage.split(separator: "\n").first.map(String.init)
            ?? "the server closed the connection"
        var error = PostgresError(
            kind: .connectionLost,
            message: "The connection was lost: \(text)",
            sqlState: answer?.state
        )
        error.statement = statement
        error.advice = .init("Nothing that was not committed is stored. Check that the server runs, then start again.")
        return error
    }
}

/// Carries notices from libpq's callback to Swift.
private final class NoticeBox {
    private let handler: @Sendable (ServerNotice) -> Void

    init(_ handler: @escaping @Sendable (ServerNotice) -> Void) { self.handler = handler }

    func receive(_ result: OpaquePointer) {
        func field(_ letter: Character) -> String? {
            guard let ascii = letter.asciiValue, let text = unsafe PQresultErrorField(result, Int32(ascii)) else {
                return nil
            }
            return unsafe String(cString: text)
        }
        handler(
            ServerNotice(
                severity: field("S") ?? "NOTICE",
                sqlState: SQLState(field("C") ?? "00000"),
                message: field("M") ?? "",
                hint: field("H")
            )
        )
    }
}
