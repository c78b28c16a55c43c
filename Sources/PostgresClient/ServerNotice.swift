public import PostgresTypes

/// A message of the server that is no error: NOTICE, WARNING, INFO or LOG.
public struct ServerNotice: Sendable, Hashable {
    /// The severity as the server spells it in its own language.
    public let severity: String
    /// The SQLSTATE; `00000` for a plain notice.
    public let sqlState: SQLState
    /// The message, one line.
    public let message: String
    /// A hint of the server, where it gives one.
    public let hint: String?
}
