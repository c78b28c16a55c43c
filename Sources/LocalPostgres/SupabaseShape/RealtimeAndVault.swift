extension SupabaseShape {
    /// The broadcast table that policies of a project guard, and the function they call.
    static let realtime = """
        SET ROLE supabase_realtime_admin;

        CREATE TABLE realtime.messages (
            topic text NOT NULL,
            extension text NOT NULL,
            payload jsonb,
            event text,
            private boolean DEFAULT false,
            updated_at timestamp NOT NULL DEFAULT now(),
            inserted_at timestamp NOT NULL DEFAULT now(),
            id uuid NOT NULL DEFAULT gen_random_uuid(),
            PRIMARY KEY (id, inserted_at)
        ) PARTITION BY RANGE (inserted_at);
        ALTER TABLE realtime.messages ENABLE ROW LEVEL SECURITY;
        GRANT ALL ON realtime.messages TO postgres, dashboard_user;
        GRANT SELECT, INSERT, UPDATE ON realtime.messages TO anon, authenticated, service_role;

        CREATE FUNCTION realtime.topic() RETURNS text LANGUAGE sql STABLE AS $function$
            SELECT nullif(current_setting('realtime.topic', true), '')
        $function$;

        RESET ROLE;
        """

    /// The table of the vault, without its encryption: a place that only `pg_read_all_data` and the superuser reach.
    static let vault = """
        CREATE SCHEMA vault AUTHORIZATION supabase_admin;
        CREATE TABLE vault.secrets (
            id uuid NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY,
            name text,
            description text NOT NULL DEFAULT '',
            secret text NOT NULL,
            key_id uuid,
            nonce bytea,
            created_at timestamptz NOT NULL DEFAULT now(),
            updated_at timestamptz NOT NULL DEFAULT now()
        );
        CREATE UNIQUE INDEX secrets_name_idx ON vault.secrets (name) WHERE name IS NOT NULL;
        """

    /// The publication that Realtime follows: made empty, filled by the project.
    static let publication = """
        CREATE PUBLICATION supabase_realtime;
        ALTER PUBLICATION supabase_realtime OWNER TO postgres;
        """
}
