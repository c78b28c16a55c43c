public import PostgresClient

/// A running server: where it is, and the databases in it.
///
/// It is a value: who started the server ends it (``KeptCluster``, ``ThrowawayCluster``).
public struct LocalServer: Sendable {
    /// The programs that run it.
    public let binaries: ServerBinaries
    /// Its data directory.
    public let dataDirectory: String
    /// The directory of its Unix socket, closed to other users.
    public let socketDirectory: String
    /// The TCP port on 127.0.0.1; also part of the socket's name.
    public let port: Int
    /// Extensions of a Supabase project that this installation does not bring.
    public internal(set) var missingExtensions: [String]
    let password: String

    /// Settings for a session through the Unix socket, as any role.
    ///
    /// - Parameters:
    ///   - database: The database.
    ///   - user: The role: `postgres` as on a hosted project, `supabase_admin` for what needs a superuser.
    /// - Returns: Settings that work for every role.
    public func settings(database: String = "postgres", user: String = "postgres") -> ConnectionSettings {
        ConnectionSettings(keywords: [
            "host": socketDirectory, "port": String(port), "dbname": database, "user": user, "password": password,
        ])
    }

    /// Settings for a session through TCP, with the password.
    ///
    /// - Parameters:
    ///   - database: The database.
    ///   - user: A role that logs in.
    /// - Returns: Settings that work for roles with a password.
    public func tcpSettings(database: String = "postgres", user: String = "postgres") -> ConnectionSettings {
        settings(database: database, user: user).setting("host", to: "127.0.0.1")
    }

    /// The URL to give to other programs, **password included**.
    ///
    /// - Parameters:
    ///   - database: The database.
    ///   - user: A role that logs in.
    /// - Returns: `postgresql://role:password@127.0.0.1:port/database`.
    public func url(database: String = "postgres", user: String = "postgres") -> String {
        tcpSettings(database: database, user: user).url
    }
}
