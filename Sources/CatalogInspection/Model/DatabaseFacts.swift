public import PostgresTypes

/// What a database is and who looks at it.
public struct DatabaseFacts: Sendable, Hashable, Codable {
    /// The database's name.
    public let name: String
    /// The server's version.
    public let serverVersion: ServerVersion
    /// The encoding, such as `UTF8`.
    public let encoding: String
    /// The collation, such as `C.UTF-8`.
    public let collation: String
    /// The role that looks.
    public let role: String
    /// The role is superuser.
    public let isSuperuser: Bool
    /// The role sees every row.
    public let bypassesRowSecurity: Bool
    /// The roles whose objects the role may own and change: itself and those it is a member of.
    public let memberOf: [String]
    /// Schema `auth` and role `supabase_admin` are there.
    public let isSupabaseShaped: Bool
    /// The server is a replica.
    public let isInRecovery: Bool
    /// The position in the WAL, where the role may ask for it.
    public let lsn: String?
    /// The role may set `session_replication_role`.
    public let maySetReplicationRole: Bool
}

/// The schemas that Supabase makes and changes by itself.
public enum ManagedSchemas: Sendable {
    /// Their names on a hosted project and on the embedded server.
    public static let names: Set<String> = [
        "auth", "storage", "realtime", "_realtime", "extensions", "graphql", "graphql_public", "vault", "pgbouncer",
        "supabase_functions", "net", "cron", "pgsodium", "pgsodium_masks", "_analytics", "_supavisor", "etl",
    ]

    /// Tables in which Supabase's services note their own schema versions: their rows belong to the project they are
    /// in and are never carried over.
    public static let versionTables: Set<String> = [
        "auth.schema_migrations", "storage.migrations", "realtime.schema_migrations", "_realtime.schema_migrations",
        "supabase_functions.migrations",
    ]
}
