/// A five-character SQLSTATE, the server's own name for an error.
///
/// See PostgreSQL 15 manual, appendix A "PostgreSQL Error Codes".
public struct SQLState: Sendable, Hashable, Codable, CustomStringConvertible, ExpressibleByStringLiteral {
    /// The five characters, such as `42P01`.
    public let code: String

    /// A state by its five characters.
    ///
    /// - Parameter code: The five characters.
    public init(_ code: String) { self.code = code }

    /// A state written as a literal.
    ///
    /// - Parameter value: The five characters.
    public init(stringLiteral value: String) { code = value }

    /// The first two characters, which name the class.
    public var errorClass: String { String(code.prefix(2)) }
    /// The five characters.
    public var description: String { code }

    /// The connection was lost or never made (class 08).
    public var isConnectionFailure: Bool { errorClass == "08" }
    /// The same statement may succeed when it is tried again.
    public var isRetryable: Bool {
        [Self.serializationFailure, .deadlockDetected, .lockNotAvailable].contains(self)
    }

    /// A statement was cancelled on request, or by a timeout.
    public static let queryCanceled: SQLState = "57014"
    /// The server is starting up, stopping or recovering.
    public static let cannotConnectNow: SQLState = "57P03"
    /// The server ended the session, such as in a restart.
    public static let adminShutdown: SQLState = "57P01"
    /// No free connection slot.
    public static let tooManyConnections: SQLState = "53300"
    /// No memory left, or no room in the table of locks.
    public static let outOfMemory: SQLState = "53200"
    /// No room on the server's disk.
    public static let diskFull: SQLState = "53100"
    /// The role lacks a privilege, or row level security would apply.
    public static let insufficientPrivilege: SQLState = "42501"
    /// Wrong password.
    public static let invalidPassword: SQLState = "28P01"
    /// No entry for this role, database and address.
    public static let invalidAuthorization: SQLState = "28000"
    /// No such database.
    public static let invalidCatalogName: SQLState = "3D000"
    /// No such table or view.
    public static let undefinedTable: SQLState = "42P01"
    /// A lock could not be had in time.
    public static let lockNotAvailable: SQLState = "55P03"
    /// Two sessions waited for each other.
    public static let deadlockDetected: SQLState = "40P01"
    /// A concurrent change prevents this transaction.
    public static let serializationFailure: SQLState = "40001"
    /// The transaction is already aborted.
    public static let inFailedTransaction: SQLState = "25P02"
    /// A row with this key is there already.
    public static let uniqueViolation: SQLState = "23505"
    /// The text is no valid UTF-8.
    public static let characterNotInRepertoire: SQLState = "22021"
    /// The statement does not parse.
    public static let syntaxError: SQLState = "42601"
}
