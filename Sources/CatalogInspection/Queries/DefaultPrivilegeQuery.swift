public import PostgresClient
import PostgresTypes

/// Reads default privileges, both ways: what they add to the built-in default, and what they take from it.
public enum DefaultPrivilegeQuery: Sendable {
    /// The default privileges by role, schema and kind of object.
    ///
    /// - Parameter session: A session.
    /// - Returns: The default privileges.
    /// - Throws: `PostgresError`, but not for a missing right.
    public static func defaultPrivileges(in session: Session) async throws -> CatalogReading<DefaultPrivileges> {
        try await .reading(in: session) { session in
            try await session.query(Query(unsafeSQL: sql)).map { row in
                let entries = try row.value("entries", as: String.self).split(separator: "\n").map(String.init)
                let builtIn = try row.value("built_in", as: String.self).split(separator: "\n").map(String.init)
                return DefaultPrivileges(
                    role: try row.value("role"),
                    schema: try row.optional("nspname"),
                    objects: try row.value("objects"),
                    entries: entries,
                    granted: entries.filter { !builtIn.contains($0) },
                    revoked: builtIn.filter { !entries.contains($0) }
                )
            }
        }
    }

    private static func lines(_ list: String) -> String {
        """
        coalesce((select pg_catalog.string_agg(e::text, E'\\n' order by e::text collate "C")
          from pg_catalog.unnest(\(list)) e), '')
        """
    }

    private static let sql = """
        select pg_catalog.pg_get_userbyid(d.defaclrole) as role, n.nspname,
          case d.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences' when 'f' then 'functions'
            when 'T' then 'types' when 'n' then 'schemas' when 'L' then 'large objects' else d.defaclobjtype::text
          end collate "C" as objects,
          \(lines("d.defaclacl")) as entries,
          case when d.defaclnamespace = 0 then \(lines("""
            pg_catalog.acldefault(case d.defaclobjtype when 'S' then 's' else d.defaclobjtype end, d.defaclrole)
            """)) else '' end as built_in
        from pg_catalog.pg_default_acl d left join pg_catalog.pg_namespace n on n.oid = d.defaclnamespace
        order by 1, 2 nulls first, 3
        """
}
