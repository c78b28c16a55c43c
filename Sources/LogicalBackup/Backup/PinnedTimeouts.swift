import PostgresClient
import PostgresTypes

/// The timeouts of a backup's sessions, whatever the role's own settings are.
///
/// They keep two promises. A backup is not killed in its middle by a setting that is meant for an application. And a backup
/// that died, or that hangs, does not keep its locks: the server finds out and ends the session.
///
/// | what happened | the session and its locks are gone |
/// |---|---|
/// | the process died | at once; during a long computation of the server within 10 s |
/// | the machine or the network went away | within 70 s; while rows were under way, when the server's TCP gives up |
/// | the process is stopped, or hangs | leader 5 minutes, workers 15 minutes |
enum PinnedTimeouts: String, Sendable {
    /// Holds snapshot and locks from the begin to the end, idle for the most part; ``ServerWatch`` is its heartbeat.
    case leader = "5min"
    /// Reads; idle while what it read is stored, or while the others have not ended.
    case worker = "15min"

    /// The longest wait for a lock, where no other is named: those of tables are held before the first row is read.
    private static let lockTimeout = "30s"

    /// Pins the timeouts of a session outside a transaction, until it ends.
    ///
    /// - Parameter session: The session; not behind a pooler in transaction mode, which would give its settings to others.
    /// - Throws: `PostgresError`.
    func pin(_ session: Session) async throws {
        try await session.executeScript(script(for: session.serverVersion.major, scope: ""))
    }

    /// Pins them in a transaction whose settings were those of others.
    ///
    /// - Parameter session: The session.
    /// - Throws: `PostgresError`.
    func pinLocally(_ session: Session) async throws {
        try await session.executeScript(script(for: session.serverVersion.major, scope: " local"))
    }

    /// The statements.
    ///
    /// - Parameters:
    ///   - major: The server's major version.
    ///   - scope: Empty for the session, ` local` for a transaction.
    /// - Returns: The script.
    func script(for major: Int, scope: String) -> String {
        let timeouts = [
            // A chunk of rows whose large values come at a low --max-rate takes long.
            ("statement_timeout", "6h"), ("lock_timeout", Self.lockTimeout),
            ("idle_in_transaction_session_timeout", rawValue),
            // Workers are connected before the leader waits for its locks.
            ("idle_session_timeout", "1h"),
        ]
        let newer = major >= 17 ? [("transaction_timeout", "0")] : []
        return (timeouts + Self.ofConnection + newer)
            .map { "set\(scope) \($0.0) = '\($0.1)'" }.joined(separator: ";\n")
    }

    /// How the server notices that nobody is there any more.
    private static let ofConnection = [
        ("client_connection_check_interval", "10s"), ("tcp_keepalives_idle", "30"), ("tcp_keepalives_interval", "10"),
        ("tcp_keepalives_count", "3"), ("tcp_user_timeout", "0"),
    ]

    /// The same for a program that takes libpq's `options`; it sets the other timeouts itself, as pg_dump does.
    ///
    /// - Parameter given: The options that it has already.
    /// - Returns: All of them.
    static func options(adding given: String?) -> String {
        ([given].compactMap(\.self) + ofConnection.map { "-c \($0.0)=\($0.1)" }).joined(separator: " ")
    }
}
