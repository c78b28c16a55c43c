import LocalPostgres
import PostgresClient
import PostgresTesting
import PostgresTypes
import Testing

/// The managed tables as projects and their tools rely on them.
@Suite(.tags(.server), .scratchDatabase)
struct ManagedTableTests {
    static let columns: [(table: String, columns: String)] = [
        (
            "auth.users",
            """
            instance_id id aud role email encrypted_password email_confirmed_at invited_at confirmation_token \
            confirmation_sent_at recovery_token recovery_sent_at email_change_token_new email_change email_change_sent_at \
            last_sign_in_at raw_app_meta_data raw_user_meta_data is_super_admin created_at updated_at phone \
            phone_confirmed_at phone_change phone_change_token phone_change_sent_at confirmed_at \
            email_change_token_current email_change_confirm_status banned_until reauthentication_token \
            reauthentication_sent_at is_sso_user deleted_at is_anonymous
            """
        ),
        (
            "auth.identities",
            "provider_id user_id identity_data provider last_sign_in_at created_at updated_at email id"
        ),
        (
            "storage.buckets",
            """
            id name owner created_at updated_at public avif_autodetection file_size_limit allowed_mime_types owner_id \
            type versioning_status
            """
        ),
        (
            "storage.objects",
            """
            id bucket_id name owner created_at updated_at last_accessed_at metadata path_tokens version owner_id \
            user_metadata archived_at is_delete_marker is_versioned
            """
        ),
        ("realtime.messages", "topic extension payload event private updated_at inserted_at id"),
    ]

    @Test(arguments: columns) func `each table has its columns in order`(table: String, columns: String) async throws {
        let session = try await ScratchDatabase.current.session()
        let rows = try await session.query(
            """
            SELECT string_agg(attname, ' ' ORDER BY attnum) AS columns FROM pg_attribute
            WHERE attrelid = \(table)::regclass AND attnum > 0 AND NOT attisdropped
            """
        )
        #expect(try rows.first?.value("columns", as: String.self) == columns)
    }

    @Test func `tables belong to their service and have row level security on`() async throws {
        let session = try await ScratchDatabase.current.session()
        let rows = try await session.query(
            """
            SELECT format('%s.%s %s', relnamespace::regnamespace, relname, relowner::regrole) AS entry FROM pg_class
            WHERE relnamespace IN ('auth'::regnamespace, 'storage'::regnamespace, 'realtime'::regnamespace)
                AND relkind IN ('r', 'p') AND relrowsecurity ORDER BY entry
            """
        )
        #expect(
            try rows.map { try $0.value("entry", as: String.self) } == [
                "auth.audit_log_entries supabase_auth_admin", "auth.identities supabase_auth_admin",
                "auth.refresh_tokens supabase_auth_admin", "auth.schema_migrations supabase_auth_admin",
                "auth.sessions supabase_auth_admin", "auth.users supabase_auth_admin",
                "realtime.messages supabase_realtime_admin", "storage.buckets supabase_storage_admin",
                "storage.migrations supabase_storage_admin", "storage.objects supabase_storage_admin",
            ]
        )
    }

    @Test func `users without tokens are many, an address is one's own, and generated columns follow`() async throws {
        let session = try await ScratchDatabase.current.session()
        try await session.executeScript(
            """
            INSERT INTO auth.users (id, email, confirmation_token, recovery_token, email_confirmed_at)
                VALUES (gen_random_uuid(), 'ada@example.org', '', '', '2026-01-02 03:04:05+00'),
                    (gen_random_uuid(), 'bob@example.org', '', '', NULL);
            INSERT INTO auth.identities (provider_id, user_id, identity_data, provider)
                SELECT id::text, id, jsonb_build_object('sub', id, 'email', upper(email)), 'email' FROM auth.users;
            INSERT INTO auth.users (id, email, is_sso_user) VALUES (gen_random_uuid(), 'ada@example.org', true);
            """
        )
        let rows = try await session.query(
            """
            SELECT count(confirmed_at) AS confirmed, (SELECT string_agg(email, ' ' ORDER BY email) FROM auth.identities)
                AS addresses FROM auth.users
            """
        )
        #expect(try rows.first?.value("confirmed", as: Int.self) == 1)
        #expect(try rows.first?.value("addresses", as: String.self) == "ada@example.org bob@example.org")
        let error = await #expect(throws: PostgresError.self) {
            try await session.executeScript(
                "INSERT INTO auth.users (id, email) VALUES (gen_random_uuid(), 'bob@example.org')")
        }
        #expect(error?.sqlState == .uniqueViolation)
    }

    @Test func `files are deleted by SQL only when the setting allows it`() async throws {
        let session = try await ScratchDatabase.current.session()
        try await session.executeScript(
            """
            INSERT INTO storage.buckets (id, name) VALUES ('photos', 'photos');
            INSERT INTO storage.objects (bucket_id, name) VALUES ('photos', 'ada/trip/sea.tar.gz');
            """
        )
        let parts = try await session.query(
            """
            SELECT array_to_string(path_tokens, '|') AS tokens, array_to_string(storage.foldername(name), '|') AS folders,
                storage.filename(name) AS file, storage.extension(name) AS extension,
                cardinality(storage.foldername('sea.jpg')) AS none FROM storage.objects
            """
        )
        let row = try #require(parts.first)
        #expect(try row.value("tokens", as: String.self) == "ada|trip|sea.tar.gz")
        #expect(try row.value("folders", as: String.self) == "ada|trip")
        #expect(try row.value("file", as: String.self) == "sea.tar.gz")
        #expect(try row.value("extension", as: String.self) == "gz")
        #expect(try row.value("none", as: Int.self) == 0)

        for table in ["objects", "buckets"] {
            let error = await #expect(throws: PostgresError.self) {
                try await session.executeScript("DELETE FROM storage.\(table)")
            }
            #expect(error?.sqlState == .insufficientPrivilege)
        }
        try await session.executeScript("SET storage.allow_delete_query = 'true'; DELETE FROM storage.objects")
    }

    @Test func `the extensions, the publication and the owner of the database are a project's`() async throws {
        let database = try ScratchDatabase.current
        let rows = try await database.session().query(
            """
            SELECT (SELECT string_agg(extname, ' ' ORDER BY extname) FROM pg_extension
                    WHERE extnamespace = 'extensions'::regnamespace) AS extensions,
                (SELECT pubowner::regrole || ' ' || puballtables FROM pg_publication WHERE pubname = 'supabase_realtime')
                    AS publication,
                (SELECT datdba::regrole::text FROM pg_database WHERE datname = current_database()) AS owner,
                has_schema_privilege('public', 'CREATE') AS creates
            """
        )
        let row = try #require(rows.first)
        let installed = ["pg_stat_statements", "pgcrypto", "uuid-ossp"].filter {
            !database.server.missingExtensions.contains($0)
        }
        #expect(try row.value("extensions", as: String.self) == installed.joined(separator: " "))
        #expect(try row.value("publication", as: String.self) == "postgres false")
        #expect(try row.value("owner", as: String.self) == "postgres")
        #expect(try row.value("creates", as: Bool.self))
    }

    @Test func `another database is an equal copy and an empty one holds no managed schema`() async throws {
        let database = try ScratchDatabase.current
        let first = try await PgDump.schema(of: database.settings)
        let second = try await PgDump.schema(of: database.anotherDatabase())
        #expect(first == second)
        #expect(first.contains("CREATE TABLE auth.users"))
        let empty = try await PgDump.schema(of: database.emptyDatabase())
        #expect(!empty.contains("CREATE SCHEMA"))
    }
}
