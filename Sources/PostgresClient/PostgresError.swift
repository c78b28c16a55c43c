public import Diagnostics
public import PostgresTypes

/// An error of the server, the connection or this client.
///
/// ``description`` holds no secret: neither parameters nor the connection's password. ``statement`` is there for
/// debugging and is printed nowhere by default.
public struct PostgresError: ExplainedError, Hashable {
    /// What kind of thing went wrong.
    public enum Kind: String, Sendable {
        /// The connection could not be made.
        case cannotConnect
        /// The connection was lost.
        case connectionLost
        /// The server reported an error.
        case server
        /// The connection URL or a parameter cannot be used.
        case invalidInput
        /// The answer was not what the protocol or the statement promises.
        case unexpectedAnswer
        /// The answer took longer than the caller allowed; the connection was given up.
        case timedOut
        /// The session was closed before.
        case closed
        /// The task was cancelled.
        case cancelled
    }

    /// What kind of thing went wrong.
    public let kind: Kind
    /// The message, without SQLSTATE and place.
    public let message: String
    /// The server's SQLSTATE, where it gave one.
    public var sqlState: SQLState?
    /// The server's detail; may quote row values.
    public var detail: String?
    /// The server's hint.
    public var hint: String?
    /// Where in the sent text, in characters from 1.
    public var position: Int?
    /// Where in ``internalQuery``, in characters from 1.
    public var internalPosition: Int?
    /// The statement that a function ran inside the server.
    public var internalQuery: String?
    /// The server's call stack, as it prints it.
    public var context: String?
    /// The schema, table, column or constraint concerned, where the server names one.
    public var objectName: String?
    /// The text that was sent.
    public var statement: String?
    /// Host, port, database and role, without the password.
    public var target: String?
    /// What to do, where the connection rules know it.
    public var advice: Remedy?
    /// Trying again does not help, although no SQLSTATE says so.
    var isPermanent = false

    /// An error by kind and message; the other fields are set where they are known.
    ///
    /// - Parameters:
    ///   - kind: What kind of thing went wrong.
    ///   - message: The message.
    ///   - sqlState: The server's SQLSTATE.
    public init(kind: Kind, message: String, sqlState: SQLState? = nil) {
        self.kind = kind
        self.message = message
        self.sqlState = sqlState
    }

    /// The stable name for scripts: the kind, or the SQLSTATE.
    public var code: String {
        guard let sqlState else { return "postgres.\(kind.rawValue)" }
        return "postgres.\(sqlState.code)"
    }

    /// What failed, with SQLSTATE, detail and hint.
    public var summary: String {
        var text = isLockTableFull ? "The server's table of locks is full: \(message)" : message
        if !text.hasSuffix(".") { text += "." }
        if let detail { text += " \(detail)" }
        if let hint { text += " Hint: \(hint)" }
        if let sqlState { text += " (SQLSTATE \(sqlState.code))" }
        if let target, kind == .cannotConnect { text = "Cannot connect to \(target): \(text)" }
        return text
    }

    /// What to do next.
    public var remedy: Remedy? { advice ?? (isLockTableFull ? Self.moreLocks : nil) }

    /// There is no room for one more lock: the statement, or the whole transaction, touches too many tables.
    public var isLockTableFull: Bool {
        sqlState == .outOfMemory && hint?.contains("max_locks_per_transaction") == true
    }

    private static let moreLocks = Remedy(
        "Raise max_locks_per_transaction (64 unless it was set; 256 carries some 3,000 tables with their indexes) and"
            + " restart the server. On Supabase:",
        command: "supabase postgres-config update --experimental --config max_locks_per_transaction=256"
    )

    /// The kind of failure as scripts see it.
    public var failureClass: FailureClass {
        switch kind {
        case .cancelled: .interrupted
        case .invalidInput: .usage
        case .cannotConnect, .connectionLost, .timedOut: connectionFailureClass
        case .server, .unexpectedAnswer, .closed: serverFailureClass
        }
    }

    private var connectionFailureClass: FailureClass {
        switch sqlState {
        case .tooManyConnections: .noConnectionSlot
        case .invalidPassword, .invalidAuthorization, .insufficientPrivilege: .permission
        default: .unreachable
        }
    }

    private var serverFailureClass: FailureClass {
        switch sqlState {
        case .insufficientPrivilege: .permission
        case .tooManyConnections: .noConnectionSlot
        case .diskFull: .outOfSpace
        case .outOfMemory where isLockTableFull: .outOfSpace
        case .adminShutdown, .cannotConnectNow: .unreachable
        default: .failure
        }
    }

    /// The session behind this error cannot be used any more.
    public var endsSession: Bool {
        [.connectionLost, .closed, .cannotConnect, .timedOut].contains(kind)
    }
}
