extension SupabaseShape {
    /// The tables of schema `auth` that projects refer to, owned by `supabase_auth_admin`.
    static let authTables = """
        SET ROLE supabase_auth_admin;

        CREATE TABLE auth.schema_migrations (version varchar(255) PRIMARY KEY);

        CREATE TABLE auth.users (
            instance_id uuid,
            id uuid NOT NULL PRIMARY KEY,
            aud varchar(255),
            role varchar(255),
            email varchar(255),
            encrypted_password varchar(255),
            email_confirmed_at timestamptz,
            invited_at timestamptz,
            confirmation_token varchar(255),
            confirmation_sent_at timestamptz,
            recovery_token varchar(255),
            recovery_sent_at timestamptz,
            email_change_token_new varchar(255),
            email_change varchar(255),
            email_change_sent_at timestamptz,
            last_sign_in_at timestamptz,
            raw_app_meta_data jsonb,
            raw_user_meta_data jsonb,
            is_super_admin boolean,
            created_at timestamptz,
            updated_at timestamptz,
            phone text DEFAULT NULL UNIQUE,
            phone_confirmed_at timestamptz,
            phone_change text DEFAULT '',
            phone_change_token varchar(255) DEFAULT '',
            phone_change_sent_at timestamptz,
            confirmed_at timestamptz GENERATED ALWAYS AS (least(email_confirmed_at, phone_confirmed_at)) STORED,
            email_change_token_current varchar(255) DEFAULT '',
            email_change_confirm_status smallint DEFAULT 0
                CONSTRAINT users_email_change_confirm_status_check
                    CHECK (email_change_confirm_status >= 0 AND email_change_confirm_status <= 2),
            banned_until timestamptz,
            reauthentication_token varchar(255) DEFAULT '',
            reauthentication_sent_at timestamptz,
            is_sso_user boolean NOT NULL DEFAULT false,
            deleted_at timestamptz,
            is_anonymous boolean NOT NULL DEFAULT false
        );

        CREATE TABLE auth.identities (
            provider_id text NOT NULL,
            user_id uuid NOT NULL REFERENCES auth.users (id) ON DELETE CASCADE,
            identity_data jsonb NOT NULL,
            provider text NOT NULL,
            last_sign_in_at timestamptz,
            created_at timestamptz,
            updated_at timestamptz,
            email text GENERATED ALWAYS AS (lower(identity_data ->> 'email')) STORED,
            id uuid NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY,
            CONSTRAINT identities_provider_id_provider_unique UNIQUE (provider_id, provider)
        );

        CREATE TYPE auth.aal_level AS ENUM ('aal1', 'aal2', 'aal3');

        CREATE TABLE auth.sessions (
            id uuid NOT NULL PRIMARY KEY,
            user_id uuid NOT NULL REFERENCES auth.users (id) ON DELETE CASCADE,
            created_at timestamptz,
            updated_at timestamptz,
            factor_id uuid,
            aal auth.aal_level,
            not_after timestamptz,
            refreshed_at timestamp,
            user_agent text,
            ip inet,
            tag text
        );

        CREATE TABLE auth.refresh_tokens (
            instance_id uuid,
            id bigserial PRIMARY KEY,
            token varchar(255) CONSTRAINT refresh_tokens_token_unique UNIQUE,
            user_id varchar(255),
            revoked boolean,
            created_at timestamptz,
            updated_at timestamptz,
            parent varchar(255),
            session_id uuid REFERENCES auth.sessions (id) ON DELETE CASCADE
        );

        CREATE TABLE auth.audit_log_entries (
            instance_id uuid,
            id uuid NOT NULL PRIMARY KEY,
            payload json,
            created_at timestamptz,
            ip_address varchar(64) NOT NULL DEFAULT ''
        );

        ALTER TABLE auth.schema_migrations ENABLE ROW LEVEL SECURITY;
        ALTER TABLE auth.users ENABLE ROW LEVEL SECURITY;
        ALTER TABLE auth.identities ENABLE ROW LEVEL SECURITY;
        ALTER TABLE auth.sessions ENABLE ROW LEVEL SECURITY;
        ALTER TABLE auth.refresh_tokens ENABLE ROW LEVEL SECURITY;
        ALTER TABLE auth.audit_log_entries ENABLE ROW LEVEL SECURITY;

        GRANT ALL ON ALL TABLES IN SCHEMA auth TO postgres, dashboard_user;
        GRANT ALL ON ALL SEQUENCES IN SCHEMA auth TO postgres, dashboard_user;
        REVOKE ALL ON auth.schema_migrations FROM postgres;
        GRANT SELECT ON auth.schema_migrations TO postgres;

        RESET ROLE;
        """

    /// The indexes of schema `auth`; the tokens' are partial, so that any number of users may have none.
    static let authIndexes = """
        SET ROLE supabase_auth_admin;

        CREATE INDEX users_instance_id_idx ON auth.users (instance_id);
        CREATE INDEX users_instance_id_email_idx ON auth.users (instance_id, lower(email));
        CREATE INDEX users_is_anonymous_idx ON auth.users (is_anonymous);
        CREATE UNIQUE INDEX users_email_partial_key ON auth.users (email) WHERE is_sso_user = false;
        CREATE UNIQUE INDEX confirmation_token_idx ON auth.users (confirmation_token)
            WHERE confirmation_token !~ '^[0-9 ]*$';
        CREATE UNIQUE INDEX recovery_token_idx ON auth.users (recovery_token) WHERE recovery_token !~ '^[0-9 ]*$';
        CREATE UNIQUE INDEX email_change_token_current_idx ON auth.users (email_change_token_current)
            WHERE email_change_token_current !~ '^[0-9 ]*$';
        CREATE UNIQUE INDEX email_change_token_new_idx ON auth.users (email_change_token_new)
            WHERE email_change_token_new !~ '^[0-9 ]*$';
        CREATE UNIQUE INDEX reauthentication_token_idx ON auth.users (reauthentication_token)
            WHERE reauthentication_token !~ '^[0-9 ]*$';

        CREATE INDEX identities_user_id_idx ON auth.identities (user_id);
        CREATE INDEX identities_email_idx ON auth.identities (email text_pattern_ops);
        CREATE INDEX sessions_user_id_idx ON auth.sessions (user_id);
        CREATE INDEX refresh_tokens_session_id_revoked_idx ON auth.refresh_tokens (session_id, revoked);

        RESET ROLE;
        """
}
