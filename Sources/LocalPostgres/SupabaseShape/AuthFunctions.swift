extension SupabaseShape {
    /// The functions that policies call to learn who asks.
    ///
    /// The settings are `''`, not NULL, once a transaction that set them locally has ended; each `nullif` is there for
    /// pooled connections.
    static let authFunctions = """
        SET ROLE supabase_auth_admin;

        CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE AS $function$
            SELECT coalesce(
                nullif(current_setting('request.jwt.claim.sub', true), ''),
                nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub'
            )::uuid
        $function$;

        CREATE FUNCTION auth.role() RETURNS text LANGUAGE sql STABLE AS $function$
            SELECT coalesce(
                nullif(current_setting('request.jwt.claim.role', true), ''),
                nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role'
            )
        $function$;

        CREATE FUNCTION auth.email() RETURNS text LANGUAGE sql STABLE AS $function$
            SELECT coalesce(
                nullif(current_setting('request.jwt.claim.email', true), ''),
                nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'email'
            )
        $function$;

        CREATE FUNCTION auth.jwt() RETURNS jsonb LANGUAGE sql STABLE AS $function$
            SELECT coalesce(
                nullif(current_setting('request.jwt.claim', true), ''),
                nullif(current_setting('request.jwt.claims', true), '')
            )::jsonb
        $function$;

        GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA auth TO postgres, dashboard_user;

        RESET ROLE;
        """
}
