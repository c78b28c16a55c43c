public import PostgresClient
import PostgresTypes

/// Reads what a database is.
public enum DatabaseQuery: Sendable {
    /// The facts about the database of a session.
    ///
    /// - Parameter session: A session.
    /// - Returns: The facts.
    /// - Throws: `PostgresError`.
    public static func facts(in session: Session) async throws -> DatabaseFacts {
        guard let row = try await session.query(Query(unsafeSQL: sql)).first else {
            throw PostgresError(kind: .unexpectedAnswer, message: "The server does not describe its own database")
        }
        let isInRecovery: Bool = try row.value("is_in_recovery")
        // In a query of its own: a provider may have revoked the function, and that is no reason to know nothing.
        let position = try await CatalogReading<String>.reading(in: session) { session in
            guard !isInRecovery else { return [] }
            return try await session.query("select pg_catalog.pg_current_wal_lsn()::text").compactMap { $0[0] }
        }
        return DatabaseFacts(
            name: try row.value("datname"),
            serverVersion: session.serverVersion,
            encoding: try row.value("encoding"),
            collation: try row.value("datcollate"),
            role: try row.value("role"),
            isSuperuser: try row.value("rolsuper"),
            bypassesRowSecurity: try row.value("bypasses"),
            memberOf: try row.value("member_of", as: String.self).split(separator: "\n").map(String.init),
            isSupabaseShaped: try row.value("is_supabase"),
            isInRecovery: isInRecovery,
            lsn: position.items.first,
            maySetReplicationRole: try row.value("may_set_replication_role")
        )
    }

    private static let sql = """
        select d.datname, pg_catalog.pg_encoding_to_char(d.encoding) as encoding, d.datcollate,
          r.rolname as role, r.rolsuper, r.rolsuper or r.rolbypassrls as bypasses,
          (select pg_catalog.string_agg(m.rolname, E'\\n' order by m.rolname) from pg_catalog.pg_roles m
           where pg_catalog.pg_has_role(r.oid, m.oid, 'member')) as member_of,
          exists (select from pg_catalog.pg_roles where rolname = 'supabase_admin')
            and exists (select from pg_catalog.pg_namespace where nspname = 'auth') as is_supabase,
          pg_catalog.pg_is_in_recovery() as is_in_recovery,
          pg_catalog.has_parameter_privilege(r.oid, 'session_replication_role', 'set') as may_set_replication_role
        from pg_catalog.pg_database d join pg_catalog.pg_roles r on r.rolname = current_user
        where d.datname = pg_catalog.current_database()
        """
}
