public import Diagnostics
import PostgresTypes

/// What stands between a client and the server.
public enum PoolerMode: String, Sendable, Codable {
    /// The client talks to the server itself.
    case direct
    /// A pooler that keeps one server connection for a client as long as it stays.
    case session
    /// A pooler that may change the server connection after each transaction.
    case transaction
}

/// Finds out whether a pooler stands in between, and how it shares connections.
///
/// A pooler invents the process id of the key data, so `PQbackendPID` differs from `pg_backend_pid()`. Its mode shows
/// when A runs a statement and B then opens a transaction: only in transaction mode can B get the connection A used.
public enum PoolerProbe: Sendable {
    /// Probes the connection of a session.
    ///
    /// - Parameter session: A session outside a transaction.
    /// - Returns: The mode. A pooler that has no second connection to spare counts as session mode.
    /// - Throws: ``PostgresError`` when a statement fails.
    public static func mode(of session: Session) async throws(PostgresError) -> PoolerMode {
        let first = try await backend(of: session)
        guard first != session.backendPID else { return .direct }
        let patient = session.settings.setting("connect_timeout", to: "3")
        guard let other = try? await Session.connect(to: patient, applicationName: "wheels-db/probe") else {
            return .session
        }
        let mode = try await mode(of: session, beside: other)
        await other.close()
        return mode
    }

    private static func mode(of session: Session, beside other: Session) async throws(PostgresError) -> PoolerMode {
        for _ in 0..<3 {
            let mine = try await backend(of: session)
            guard (try? await other.execute("BEGIN")) != nil else { return .transaction }
            let theirs = try await backend(of: other)
            let mineAgain = try await backend(of: session)
            try await other.execute("ROLLBACK")
            if theirs == mine || mineAgain != mine { return .transaction }
        }
        return .session
    }

    private static func backend(of session: Session) async throws(PostgresError) -> Int32 {
        let rows = try await session.query("select pg_catalog.pg_backend_pid()::text")
        return rows.first?[0].flatMap { Int32($0) } ?? 0
    }
}

/// A pooler in transaction mode where one connection has to keep its state.
public struct TransactionPoolerError: ExplainedError, Hashable {
    /// What was to be done, such as "A backup".
    public let activity: String
    /// Where the pooler is.
    public let settings: ConnectionSettings

    /// An error for a refused activity.
    ///
    /// - Parameters:
    ///   - activity: What was to be done, such as "A backup".
    ///   - settings: Where the pooler is.
    public init(activity: String, settings: ConnectionSettings) {
        self.activity = activity
        self.settings = settings
    }

    /// The stable name for scripts.
    public var code: String { "connection.transaction-pooler" }
    /// What was refused and why.
    public var summary: String {
        "\(activity) needs connections that keep their state, and \(settings) is a pooler in transaction mode."
            + " Nothing was changed."
    }
    /// The URL to use instead.
    public var remedy: Remedy? {
        let port = settings.port == 6543 ? " (the same host with port 5432)" : ""
        return Remedy("Use the session pooler\(port) or the direct connection, db.<ref>.supabase.co:5432.")
    }
    /// A guard refused.
    public var failureClass: FailureClass { .refused }
}
