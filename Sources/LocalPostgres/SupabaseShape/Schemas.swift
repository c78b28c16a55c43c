extension SupabaseShape {
    /// The managed schemas with owners and USAGE; `public` as PostgreSQL 15 makes it, open to the API roles.
    ///
    /// `supabase_migrations` is not here: only the tools that migrate create it.
    static let schemas = """
        GRANT USAGE ON SCHEMA public TO postgres, anon, authenticated, service_role;

        CREATE SCHEMA auth AUTHORIZATION supabase_admin;
        GRANT ALL ON SCHEMA auth TO supabase_auth_admin, dashboard_user;
        GRANT USAGE ON SCHEMA auth TO postgres, anon, authenticated, service_role;

        CREATE SCHEMA storage AUTHORIZATION supabase_admin;
        GRANT ALL ON SCHEMA storage TO supabase_storage_admin, dashboard_user;
        GRANT USAGE ON SCHEMA storage TO postgres, anon, authenticated, service_role;

        CREATE SCHEMA realtime AUTHORIZATION supabase_admin;
        GRANT ALL ON SCHEMA realtime TO supabase_realtime_admin;
        GRANT USAGE ON SCHEMA realtime TO postgres, anon, authenticated, service_role;

        CREATE SCHEMA extensions;
        GRANT ALL ON SCHEMA extensions TO postgres WITH GRANT OPTION;
        GRANT ALL ON SCHEMA extensions TO dashboard_user;
        GRANT USAGE ON SCHEMA extensions TO anon, authenticated, service_role;

        CREATE SCHEMA graphql AUTHORIZATION supabase_admin;
        GRANT USAGE ON SCHEMA graphql TO postgres, anon, authenticated, service_role;
        CREATE SCHEMA graphql_public AUTHORIZATION supabase_admin;
        GRANT USAGE ON SCHEMA graphql_public TO postgres, anon, authenticated, service_role;

        CREATE SCHEMA pgbouncer AUTHORIZATION pgbouncer;
        """
}
