public import PostgresClient
import PostgresTypes

/// Why a connection was not to be had: four limits that all answer with SQLSTATE 53300, and a queue.
public enum SlotRefusal: Sendable, Hashable {
    /// Every slot of the server is taken.
    case server
    /// The role's `CONNECTION LIMIT` is reached.
    case role(String)
    /// The database's `CONNECTION LIMIT` is reached.
    case database(String)
    /// The pooler takes no more clients.
    case pooler(String)
    /// The pooler took the client and gave it no server connection.
    case poolerQueue(seconds: Int)

    /// Why an attempt to connect failed, or `nil` when it was not for want of a slot.
    ///
    /// - Parameters:
    ///   - error: The error of the attempt.
    ///   - settings: Where it went.
    public init?(_ error: PostgresError, to settings: ConnectionSettings) {
        guard error.sqlState == .tooManyConnections else { return nil }
        let message = error.message
        if message.contains("connections for role") {
            self = .role(settings.user ?? "?")
        } else if message.contains("connections for database") {
            self = .database(settings.database ?? "?")
        } else if ["MaxClients", "max clients", "no more connections allowed"].contains(where: message.contains) {
            self = .pooler(message)
        } else {
            self = .server
        }
    }

    /// The stable name of the finding.
    public var code: String {
        switch self {
        case .server: "pool.full"
        case .role: "pool.role-limit"
        case .database: "pool.database-limit"
        case .pooler: "pool.pooler-full"
        case .poolerQueue: "pool.pooler-queue"
        }
    }

    /// What happened, as the begin of a sentence.
    public var sentence: String {
        switch self {
        case .server: "The server has no free connection slot"
        case .role(let role):
            "The role \(role) has reached its CONNECTION LIMIT; the server itself has slots for others"
        case .database(let name):
            "The database \(name) has reached its CONNECTION LIMIT; the server itself has slots for others"
        case .pooler(let message): "The pooler takes no more clients (\(message))"
        case .poolerQueue(let seconds): "The pooler had no server connection to give for \(seconds) s"
        }
    }
}
