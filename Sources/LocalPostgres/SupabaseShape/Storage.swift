extension SupabaseShape {
    /// The tables of schema `storage`, owned by `supabase_storage_admin`.
    static let storageTables = """
        SET ROLE supabase_storage_admin;

        CREATE TABLE storage.migrations (
            id integer NOT NULL PRIMARY KEY,
            name varchar(100) NOT NULL UNIQUE,
            hash varchar(40) NOT NULL,
            executed_at timestamp DEFAULT CURRENT_TIMESTAMP
        );

        CREATE TYPE storage.buckettype AS ENUM ('STANDARD', 'ANALYTICS', 'VECTOR');

        CREATE TABLE storage.buckets (
            id text NOT NULL PRIMARY KEY,
            name text NOT NULL,
            owner uuid,
            created_at timestamptz DEFAULT now(),
            updated_at timestamptz DEFAULT now(),
            public boolean DEFAULT false,
            avif_autodetection boolean DEFAULT false,
            file_size_limit bigint,
            allowed_mime_types text[],
            owner_id text,
            type storage.buckettype NOT NULL DEFAULT 'STANDARD',
            versioning_status text
        );
        CREATE UNIQUE INDEX bname ON storage.buckets (name);
        COMMENT ON COLUMN storage.buckets.owner IS 'Deprecated: owner_id holds the owner.';

        CREATE TABLE storage.objects (
            id uuid NOT NULL DEFAULT gen_random_uuid() PRIMARY KEY,
            bucket_id text,
            name text,
            owner uuid,
            created_at timestamptz DEFAULT now(),
            updated_at timestamptz DEFAULT now(),
            last_accessed_at timestamptz DEFAULT now(),
            metadata jsonb,
            path_tokens text[] GENERATED ALWAYS AS (string_to_array(name, '/')) STORED,
            version text,
            owner_id text,
            user_metadata jsonb,
            archived_at timestamptz,
            is_delete_marker boolean NOT NULL DEFAULT false,
            is_versioned boolean NOT NULL DEFAULT false,
            CONSTRAINT "objects_bucketId_fkey" FOREIGN KEY (bucket_id) REFERENCES storage.buckets (id)
        );
        CREATE UNIQUE INDEX bucketid_objname ON storage.objects (bucket_id, name);
        CREATE INDEX name_prefix_search ON storage.objects (name text_pattern_ops);
        COMMENT ON COLUMN storage.objects.owner IS 'Deprecated: owner_id holds the owner.';

        ALTER TABLE storage.migrations ENABLE ROW LEVEL SECURITY;
        ALTER TABLE storage.buckets ENABLE ROW LEVEL SECURITY;
        ALTER TABLE storage.objects ENABLE ROW LEVEL SECURITY;

        GRANT ALL ON storage.buckets, storage.objects TO postgres, anon, authenticated, service_role;
        GRANT SELECT ON storage.migrations TO postgres;

        RESET ROLE;
        """

    /// What policies on `storage.objects` call: the parts of an object's path.
    static let storageFunctions = """
        SET ROLE supabase_storage_admin;

        CREATE FUNCTION storage.foldername(name text) RETURNS text[] LANGUAGE sql IMMUTABLE AS $function$
            SELECT parts[1:cardinality(parts) - 1] FROM string_to_array(name, '/') AS parts
        $function$;

        CREATE FUNCTION storage.filename(name text) RETURNS text LANGUAGE sql IMMUTABLE AS $function$
            SELECT parts[cardinality(parts)] FROM string_to_array(name, '/') AS parts
        $function$;

        CREATE FUNCTION storage.extension(name text) RETURNS text LANGUAGE sql IMMUTABLE AS $function$
            SELECT parts[cardinality(parts)] FROM string_to_array(storage.filename(name), '.') AS parts
        $function$;

        RESET ROLE;
        """

    /// The triggers: time of the last change, and no DELETE that would leave files without their row.
    static let storageTriggers = """
        SET ROLE supabase_storage_admin;

        CREATE FUNCTION storage.update_updated_at_column() RETURNS trigger LANGUAGE plpgsql AS $function$
        BEGIN
            NEW.updated_at := now();
            RETURN NEW;
        END
        $function$;

        CREATE FUNCTION storage.protect_delete() RETURNS trigger LANGUAGE plpgsql AS $function$
        BEGIN
            IF current_setting('storage.allow_delete_query', true) IS DISTINCT FROM 'true' THEN
                RAISE EXCEPTION USING
                    ERRCODE = 'insufficient_privilege',
                    MESSAGE = format('Rows of storage.%s are deleted through the Storage API, not by SQL', TG_TABLE_NAME),
                    HINT = 'SET storage.allow_delete_query = ''true'' allows it; the files stay behind.';
            END IF;
            RETURN NULL;
        END
        $function$;

        CREATE TRIGGER update_objects_updated_at BEFORE UPDATE ON storage.objects
            FOR EACH ROW EXECUTE FUNCTION storage.update_updated_at_column();
        CREATE TRIGGER protect_objects_delete BEFORE DELETE ON storage.objects
            FOR EACH STATEMENT EXECUTE FUNCTION storage.protect_delete();
        CREATE TRIGGER protect_buckets_delete BEFORE DELETE ON storage.buckets
            FOR EACH STATEMENT EXECUTE FUNCTION storage.protect_delete();

        RESET ROLE;
        """
}
