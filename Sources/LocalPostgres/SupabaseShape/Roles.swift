extension SupabaseShape {
    /// The roles of a project with their attributes.
    ///
    /// `supabase_admin` is the superuser that `initdb` made.
    static let roles = """
        ALTER ROLE supabase_admin WITH SUPERUSER CREATEDB CREATEROLE REPLICATION BYPASSRLS LOGIN;

        CREATE ROLE postgres WITH LOGIN NOSUPERUSER CREATEDB CREATEROLE REPLICATION BYPASSRLS;

        -- What a request of the data API runs as.
        CREATE ROLE anon NOLOGIN;
        CREATE ROLE authenticated NOLOGIN;
        CREATE ROLE service_role NOLOGIN BYPASSRLS;
        CREATE ROLE authenticator LOGIN NOINHERIT;

        -- The services, owners of the managed schemas' tables.
        CREATE ROLE supabase_auth_admin LOGIN NOINHERIT CREATEROLE;
        CREATE ROLE supabase_storage_admin LOGIN NOINHERIT CREATEROLE;
        CREATE ROLE supabase_realtime_admin NOLOGIN NOINHERIT;
        CREATE ROLE pgbouncer LOGIN;

        -- The platform.
        CREATE ROLE dashboard_user NOLOGIN CREATEDB CREATEROLE REPLICATION;
        CREATE ROLE supabase_replication_admin LOGIN REPLICATION;
        CREATE ROLE supabase_etl_admin LOGIN REPLICATION;
        CREATE ROLE supabase_read_only_user LOGIN BYPASSRLS;
        """

    /// Who is a member of what.
    static let memberships = """
        GRANT anon, authenticated, service_role TO authenticator;
        GRANT authenticator TO supabase_storage_admin;
        GRANT anon, authenticated, service_role TO postgres;
        GRANT pg_monitor, pg_read_all_data, pg_signal_backend TO postgres;
        GRANT pg_read_all_data TO supabase_read_only_user;

        -- Stands for supautils.policy_grants: policies on storage.* and realtime.messages belong to the project, and
        -- stock PostgreSQL lets only a table's owner create them. postgres is no member of supabase_auth_admin.
        GRANT supabase_storage_admin, supabase_realtime_admin TO postgres;

        GRANT SET ON PARAMETER session_replication_role TO postgres;
        """

    /// The settings that apply when a role logs in, and that the data API applies when it takes on a role.
    ///
    /// `session_preload_libraries` of `authenticator` (supautils, safeupdate) is left out: without the libraries no
    /// session could start.
    static let roleSettings = """
        ALTER ROLE anon SET statement_timeout = '3s';
        ALTER ROLE authenticated SET statement_timeout = '8s';
        ALTER ROLE authenticator SET statement_timeout = '8s';
        ALTER ROLE authenticator SET lock_timeout = '8s';
        ALTER ROLE postgres SET search_path = "$user", public, extensions;
        ALTER ROLE supabase_admin SET search_path = "$user", public, auth, extensions;
        ALTER ROLE supabase_auth_admin SET search_path = auth;
        ALTER ROLE supabase_auth_admin SET idle_in_transaction_session_timeout = 60000;
        ALTER ROLE supabase_storage_admin SET search_path = storage;
        """

    /// The roles that log in with a password.
    static let loginRoles = [
        "supabase_admin", "postgres", "authenticator", "supabase_auth_admin", "supabase_storage_admin", "pgbouncer",
        "supabase_replication_admin", "supabase_etl_admin", "supabase_read_only_user",
    ]
}
