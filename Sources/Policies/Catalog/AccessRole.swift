/// A role as far as policies and requests are concerned.
public struct AccessRole: Sendable, Hashable {
    /// The name.
    public let name: String
    /// It sees every row of every table: superuser or BYPASSRLS.
    public let bypasses: Bool
    /// It logs in itself.
    public let canLogin: Bool
    /// `authenticator` may take it on, so a JWT's role claim can ask for it.
    public let isSettableByAPI: Bool
    /// The roles whose rights it has, itself included.
    public let rightsOf: Set<String>

    /// The roles of a request without and with a signed-in user.
    public static let ofUsers = ["anon", "authenticated"]
    /// The roles of the data API.
    public static let ofAPI = ["anon", "authenticated", "service_role"]

    /// The roles that Supabase makes.
    static let ofSupabase: Set<String> = [
        "anon", "authenticated", "service_role", "authenticator", "dashboard_user", "postgres", "pgbouncer",
        "pgsodium_keyholder",
        "pgsodium_keyiduser", "pgsodium_keymaker", "pgtle_admin", "cli_login_postgres",
    ]

    /// Whether the project made it, rather than PostgreSQL or Supabase.
    var isOfProject: Bool {
        !Self.ofSupabase.contains(name) && !name.hasPrefix("pg_") && !name.hasPrefix("supabase_")
    }
}

/// What a role may do with one relation.
public struct AccessRights: Sendable, Hashable {
    /// The letters of the privileges on the whole relation, such as `arwdDxt`.
    public var letters: Set<Character> = []
    /// The columns with privileges of their own, by the letter of the privilege.
    public var columns: [Character: Set<String>] = [:]

    /// Whether a command is granted on the whole relation or on any column.
    ///
    /// - Parameter command: The command.
    /// - Returns: Whether anything of it is granted.
    public func allows(_ command: AccessCommand) -> Bool {
        letters.contains(command.letter) || !(columns[command.letter] ?? []).isEmpty
    }

    /// The columns a command is limited to.
    ///
    /// - Parameter command: The command.
    /// - Returns: The columns; `nil` when it is granted on the whole relation.
    public func limit(of command: AccessCommand) -> Set<String>? {
        letters.contains(command.letter) ? nil : columns[command.letter] ?? []
    }

    /// Whether a command may touch a column.
    ///
    /// - Parameters:
    ///   - command: The command.
    ///   - column: The column's name.
    /// - Returns: Whether the relation or the column is granted.
    public func allows(_ command: AccessCommand, column: String) -> Bool {
        letters.contains(command.letter) || columns[command.letter]?.contains(column) == true
    }
}
