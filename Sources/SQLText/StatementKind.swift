/// What a statement is, as far as running it depends on that; read from its parse tree.
public enum StatementKind: Sendable, Hashable {
    /// `SELECT`, `INSERT`, `UPDATE`, `DELETE`, `MERGE`, `VALUES`, `TABLE`, `WITH`.
    case data
    /// `SET`, `RESET` or `SELECT set_config(…)`.
    case setting(SettingChange)
    /// `BEGIN`, `COMMIT`, `ROLLBACK`, `SAVEPOINT` and their kin, named as they are written.
    case transactionControl(command: String)
    /// A statement that the server refuses inside a transaction block, such as `CREATE INDEX CONCURRENTLY`.
    case outsideTransaction(command: String)
    /// `COPY … FROM STDIN`, whose rows are no part of the SQL.
    case copyFromClient
    /// `COPY … TO STDOUT`.
    case copyToClient
    /// `CREATE TABLE` and `CREATE TABLE … AS`, except for temporary tables.
    case createTable(schema: String?, name: String)
    /// Any other statement, by the grammar's name of it, such as `CreatePolicyStmt`.
    case other(node: String)
}

/// A change of a setting of the session.
public struct SettingChange: Sendable, Hashable {
    /// The setting, such as `search_path`; `nil` for `RESET ALL`.
    public let name: String?
    /// Whether it ends with the transaction (`SET LOCAL`).
    public let isLocal: Bool
    /// Whether it goes back to the default (`RESET`, `SET … TO DEFAULT`).
    public let isReset: Bool

    /// A change by its parts.
    ///
    /// - Parameters:
    ///   - name: The setting; `nil` for `RESET ALL`.
    ///   - isLocal: Whether it ends with the transaction.
    ///   - isReset: Whether it goes back to the default.
    public init(name: String?, isLocal: Bool = false, isReset: Bool = false) {
        self.name = name
        self.isLocal = isLocal
        self.isReset = isReset
    }
}
