extension SupabaseShape {
    /// The extensions every project has, in schema `extensions`.
    ///
    /// They are PostgreSQL's contrib modules; a server without them is used as it is.
    static let extensions = ["uuid-ossp", "pgcrypto", "pg_stat_statements"]
}
