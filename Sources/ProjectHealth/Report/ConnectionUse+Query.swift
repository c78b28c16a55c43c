public import PostgresClient
import PostgresTypes

extension ConnectionUse {
    /// Counts the client connections of the server; takes one of them.
    ///
    /// - Parameter session: A session of any role. From roles without `pg_read_all_stats` the kind of another role's
    ///   backend is hidden; it then counts as a client.
    /// - Returns: The connections.
    /// - Throws: `PostgresError`; `PostgresValueError` when the server answers something unexpected.
    public static func count(in session: Session) async throws -> ConnectionUse {
        let facts = try await session.query(
            """
            select pg_catalog.current_setting('max_connections') as max,
                   pg_catalog.current_setting('superuser_reserved_connections') as reserved,
                   pg_catalog.current_database() as name,
                   pg_catalog.pg_database_size(pg_catalog.current_database()) as size
            """)
        let rows = try await session.query(
            """
            select coalesce(usename::text, '') as role, coalesce(application_name, '') as application,
                   coalesce(state, 'unknown') as state, pg_catalog.count(*) as count,
                   coalesce(pg_catalog.max(extract(epoch from pg_catalog.clock_timestamp() - xact_start)), 0)
                     ::double precision as longest
            from pg_catalog.pg_stat_activity
            where backend_type = 'client backend' or backend_type is null and datid is not null
            group by 1, 2, 3
            order by 4 desc, 1, 2, 3
            """)
        guard let fact = facts.first else { throw PostgresValueError("the server told no settings") }
        return ConnectionUse(
            limit: try fact.value("max"),
            reserved: try fact.value("reserved"),
            groups: try rows.map { row in
                Group(
                    role: try row.value("role"), application: try row.value("application"),
                    state: try row.value("state"), count: try row.value("count"),
                    longestTransaction: try row.value("longest"))
            },
            database: try fact.value("name"),
            databaseSize: try fact.value("size")
        )
    }
}
