public import PostgresClient
import PostgresTypes

/// Reads the roles of the server, which belong to no database and so stand in no dump of one.
public enum RoleQuery: Sendable {
    /// The roles by name, the system's left out.
    ///
    /// - Parameter session: A session.
    /// - Returns: The roles.
    /// - Throws: `PostgresError`, but not for a missing right.
    public static func roles(in session: Session) async throws -> CatalogReading<RoleInfo> {
        try await .reading(in: session) { session in
            try await session.query(Query(unsafeSQL: roleSQL)).map { row in
                RoleInfo(
                    name: try row.value("rolname"),
                    isSuperuser: try row.value("rolsuper"),
                    inherits: try row.value("rolinherit"),
                    mayCreateRoles: try row.value("rolcreaterole"),
                    mayCreateDatabases: try row.value("rolcreatedb"),
                    mayLogIn: try row.value("rolcanlogin"),
                    mayReplicate: try row.value("rolreplication"),
                    bypassesRowSecurity: try row.value("rolbypassrls"),
                    connectionLimit: try row.value("rolconnlimit"),
                    validUntil: try row.optional("valid_until"),
                    comment: try row.optional("comment")
                )
            }
        }
    }

    /// Who is a member of what; the system's own memberships are left out.
    ///
    /// - Parameter session: A session.
    /// - Returns: The memberships.
    /// - Throws: `PostgresError`, but not for a missing right.
    public static func memberships(in session: Session) async throws -> CatalogReading<RoleMembership> {
        try await .reading(in: session) { session in
            try await session.query(Query(unsafeSQL: membershipSQL)).map { row in
                RoleMembership(
                    role: try row.value("role"),
                    member: try row.value("member"),
                    grantor: try row.value("grantor"),
                    mayGrant: try row.value("may_grant"),
                    inherits: try row.optional("inherits"),
                    maySet: try row.optional("may_set")
                )
            }
        }
    }

    /// The settings of roles and of this database, with their values, which may be secrets.
    ///
    /// - Parameter session: A session.
    /// - Returns: The settings.
    /// - Throws: `PostgresError`, but not for a missing right.
    public static func settings(in session: Session) async throws -> CatalogReading<RoleSetting> {
        try await .reading(in: session) { session in
            try await session.query(Query(unsafeSQL: settingSQL)).compactMap { row in
                let entry: String = try row.value("entry")
                guard let equals = entry.firstIndex(of: "=") else { return nil }
                return RoleSetting(
                    isForThisDatabase: try row.value("is_for_this_database"),
                    role: try row.optional("role"),
                    name: String(entry[..<equals]),
                    value: String(entry[entry.index(after: equals)...])
                )
            }
        }
    }

    private static let roleSQL = """
        select r.rolname, r.rolsuper, r.rolinherit, r.rolcreaterole, r.rolcreatedb, r.rolcanlogin, r.rolreplication,
          r.rolbypassrls, r.rolconnlimit, r.rolvaliduntil::text as valid_until,
          pg_catalog.shobj_description(r.oid, 'pg_authid') as comment
        from pg_catalog.pg_roles r where r.rolname !~ '^pg_' order by r.rolname collate "C"
        """

    /// The columns of PostgreSQL 16 are read by name, so that one statement fits all versions.
    private static let membershipSQL = """
        select pg_catalog.pg_get_userbyid(m.roleid) as role, pg_catalog.pg_get_userbyid(m.member) as member,
          pg_catalog.pg_get_userbyid(m.grantor) as grantor, m.admin_option as may_grant,
          (pg_catalog.to_jsonb(m) ->> 'inherit_option')::bool as inherits,
          (pg_catalog.to_jsonb(m) ->> 'set_option')::bool as may_set
        from pg_catalog.pg_auth_members m
        where pg_catalog.pg_get_userbyid(m.member) !~ '^pg_'
        order by 1, 2, 3
        """

    private static let settingSQL = """
        select s.setdatabase <> 0 as is_for_this_database,
          case when s.setrole <> 0 then pg_catalog.pg_get_userbyid(s.setrole) end as role, e.entry
        from pg_catalog.pg_db_role_setting s cross join lateral pg_catalog.unnest(s.setconfig) as e(entry)
        where s.setdatabase = 0
          or s.setdatabase = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database())
        order by 1, 2 nulls first, e.entry collate "C"
        """
}
