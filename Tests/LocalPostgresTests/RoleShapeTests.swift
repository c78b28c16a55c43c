import LocalPostgres
import PostgresClient
import PostgresTesting
import PostgresTypes
import Testing

/// The roles of a project, against what a hosted project shows.
@Suite(.tags(.server), .scratchDatabase)
struct RoleShapeTests {
    struct Expected: Sendable, CustomTestStringConvertible {
        let role: String
        let attributes: String
        let memberOf: [String]
        let settings: [String]
        var testDescription: String { role }
    }

    static let roles: [Expected] = [
        Expected(role: "anon", attributes: "inherit", memberOf: [], settings: ["statement_timeout=3s"]),
        Expected(role: "authenticated", attributes: "inherit", memberOf: [], settings: ["statement_timeout=8s"]),
        Expected(role: "service_role", attributes: "inherit bypassrls", memberOf: [], settings: []),
        Expected(
            role: "authenticator",
            attributes: "login",
            memberOf: ["anon", "authenticated", "service_role"],
            settings: ["lock_timeout=8s", "statement_timeout=8s"]
        ),
        Expected(
            role: "postgres",
            attributes: "login inherit createdb createrole replication bypassrls",
            memberOf: [
                "anon", "authenticated", "pg_monitor", "pg_read_all_data", "pg_signal_backend", "service_role",
                // Stand for supautils.policy_grants.
                "supabase_realtime_admin", "supabase_storage_admin",
            ],
            settings: [#"search_path="$user", public, extensions"#]
        ),
        Expected(
            role: "supabase_admin",
            attributes: "login inherit super createdb createrole replication bypassrls",
            memberOf: [],
            settings: [#"search_path="$user", public, auth, extensions"#]
        ),
        Expected(
            role: "supabase_auth_admin",
            attributes: "login createrole",
            memberOf: [],
            settings: ["idle_in_transaction_session_timeout=60000", "search_path=auth"]
        ),
        Expected(
            role: "supabase_storage_admin",
            attributes: "login createrole",
            memberOf: ["authenticator"],
            settings: ["search_path=storage"]
        ),
        Expected(
            role: "dashboard_user",
            attributes: "inherit createdb createrole replication",
            memberOf: [],
            settings: []
        ),
        Expected(
            role: "supabase_replication_admin", attributes: "login inherit replication", memberOf: [], settings: []),
        Expected(role: "supabase_etl_admin", attributes: "login inherit replication", memberOf: [], settings: []),
        Expected(
            role: "supabase_read_only_user",
            attributes: "login inherit bypassrls",
            memberOf: ["pg_read_all_data"],
            settings: []
        ),
    ]

    @Test(arguments: roles) func `each role has its attributes, memberships and settings`(role: Expected) async throws {
        let session = try await ScratchDatabase.current.session()
        let rows = try await session.query(
            """
            SELECT concat_ws(' ', CASE WHEN rolcanlogin THEN 'login' END, CASE WHEN rolinherit THEN 'inherit' END,
                       CASE WHEN rolsuper THEN 'super' END, CASE WHEN rolcreatedb THEN 'createdb' END,
                       CASE WHEN rolcreaterole THEN 'createrole' END, CASE WHEN rolreplication THEN 'replication' END,
                       CASE WHEN rolbypassrls THEN 'bypassrls' END) AS attributes,
                   array_to_string(ARRAY(SELECT g.rolname FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid
                                         WHERE m.member = r.oid ORDER BY g.rolname), ' ') AS member_of,
                   array_to_string(ARRAY(SELECT unnest(rolconfig) ORDER BY 1), ';') AS settings
            FROM pg_roles r WHERE rolname = \(role.role)
            """
        )
        let row = try #require(rows.first)
        #expect(try row.value("attributes", as: String.self) == role.attributes)
        #expect(try row.value("member_of", as: String.self) == role.memberOf.joined(separator: " "))
        #expect(try row.value("settings", as: String.self) == role.settings.joined(separator: ";"))
    }

    @Test func `postgres may set session_replication_role`() async throws {
        let session = try await ScratchDatabase.current.session()
        try await session.executeScript("SET session_replication_role = replica")
    }

    @Test func `the server has the limits of a free project`() async throws {
        let session = try await ScratchDatabase.current.session()
        let rows = try await session.query(
            """
            SELECT string_agg(current_setting(name), ' ' ORDER BY number) AS settings
            FROM unnest(ARRAY['max_connections', 'superuser_reserved_connections', 'wal_level', 'max_wal_senders',
                'max_replication_slots', 'jit', 'server_encoding', 'TimeZone']) WITH ORDINALITY AS s(name, number)
            """
        )
        #expect(try rows.first?.value("settings", as: String.self) == "60 3 logical 5 5 off UTF8 UTC")
    }

    @Test func `the loopback port wants the password and the socket does not`() async throws {
        let database = try ScratchDatabase.current
        let tcp = database.server.tcpSettings(database: database.name)
        _ = try await database.session(to: tcp)
        _ = try await database.session(to: database.settings.setting("password", to: "wrong"))
        let error = await #expect(throws: PostgresError.self) {
            _ = try await Session.connect(to: tcp.setting("password", to: "wrong"))
        }
        #expect(error?.sqlState == .invalidPassword)
    }
}
