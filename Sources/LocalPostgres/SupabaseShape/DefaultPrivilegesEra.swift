/// What the API roles get on each new object of schema `public`: Supabase changed its default in 2026.
public enum DefaultPrivilegesEra: String, Sendable, Codable, CaseIterable {
    /// A new table is open to `anon`, `authenticated` and `service_role` (`anon=arwdDxt`): projects made before 2026.
    case apiRolesGetAll
    /// A new table must be granted; TRUNCATE, REFERENCES and TRIGGER stay behind (`anon=Dxt`), and a new function is
    /// still executable through PUBLIC: projects made since.
    case apiRolesGetNone

    /// The template database that holds this era's shape.
    var templateDatabase: String {
        switch self {
        case .apiRolesGetAll: "wheels_template_get_all"
        case .apiRolesGetNone: "wheels_template_get_none"
        }
    }

    /// The statements of this era; the later era's take away what the earlier one's gave.
    var script: String {
        switch self {
        case .apiRolesGetAll:
            SupabaseShape.defaultPrivileges(
                creators: ["postgres", "supabase_admin"],
                schema: "public",
                to: "postgres, anon, authenticated, service_role"
            )
        case .apiRolesGetNone:
            ["postgres", "supabase_admin"].map { creator in
                """
                ALTER DEFAULT PRIVILEGES FOR ROLE \(creator) IN SCHEMA public
                    REVOKE SELECT, INSERT, UPDATE, DELETE ON TABLES FROM anon, authenticated, service_role;
                ALTER DEFAULT PRIVILEGES FOR ROLE \(creator) IN SCHEMA public
                    REVOKE USAGE, SELECT ON SEQUENCES FROM anon, authenticated, service_role;
                ALTER DEFAULT PRIVILEGES FOR ROLE \(creator) IN SCHEMA public
                    REVOKE EXECUTE ON FUNCTIONS FROM anon, authenticated, service_role;
                """
            }.joined(separator: "\n")
        }
    }
}

extension SupabaseShape {
    /// The default privileges of the managed schemas, alike in both eras.
    static let managedDefaultPrivileges = [
        defaultPrivileges(creators: ["supabase_auth_admin"], schema: "auth", to: "postgres, dashboard_user"),
        defaultPrivileges(
            creators: ["postgres"],
            schema: "storage",
            to: "postgres, anon, authenticated, service_role"
        ),
        defaultPrivileges(creators: ["supabase_admin"], schema: "realtime", to: "postgres, dashboard_user"),
        defaultPrivileges(creators: ["supabase_admin"], schema: "extensions", to: "postgres WITH GRANT OPTION"),
        defaultPrivileges(
            creators: ["supabase_admin"],
            schema: "graphql_public",
            to: "postgres, anon, authenticated, service_role"
        ),
    ].joined(separator: "\n")

    /// Everything on tables, functions and sequences that the creators make in a schema.
    static func defaultPrivileges(creators: [String], schema: String, to grantees: String) -> String {
        creators.flatMap { creator in
            ["TABLES", "FUNCTIONS", "SEQUENCES"].map { kind in
                """
                ALTER DEFAULT PRIVILEGES FOR ROLE \(creator) IN SCHEMA \(schema) GRANT ALL ON \(kind) TO \(grantees);
                """
            }
        }.joined(separator: "\n")
    }
}
