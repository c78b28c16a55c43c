import LocalPostgres
import PostgresClient
import PostgresTesting
import PostgresTypes
import Testing

/// What new objects grant, in both eras, and what `postgres` may and may not do to managed schemas.
@Suite(.tags(.server))
struct PrivilegeShapeTests {
    private func aclOfNewObjects(as role: String) async throws -> [String] {
        let database = try ScratchDatabase.current
        let session = try await database.session(as: role)
        try await session.executeScript(
            """
            CREATE TABLE public.probe (id bigint PRIMARY KEY);
            CREATE SEQUENCE public.probe_sequence;
            CREATE FUNCTION public.probe() RETURNS int LANGUAGE sql AS 'SELECT 1';
            """
        )
        // MAINTAIN (m) came with PostgreSQL 17.
        let rows = try await session.query(
            """
            SELECT kind || ' ' || rtrim(split_part(acl::text, '/', 1), 'm') AS entry FROM (
                SELECT 'table' AS kind, unnest(relacl) AS acl FROM pg_class WHERE oid = 'public.probe'::regclass
                UNION ALL
                SELECT 'sequence', unnest(relacl) FROM pg_class WHERE oid = 'public.probe_sequence'::regclass
                UNION ALL
                SELECT 'function', unnest(coalesce(proacl, acldefault('f', proowner))) FROM pg_proc WHERE oid = 'public.probe()'::regprocedure
            ) AS entries
            WHERE acl::text ~ '^(anon|authenticated|service_role|postgres)?=' ORDER BY entry
            """
        )
        return try rows.map { try $0.value("entry", as: String.self) }
    }

    @Test(.scratchDatabase(era: .apiRolesGetAll), arguments: ["postgres", "supabase_admin"])
    func `in the older era the API roles get all on new objects`(creator: String) async throws {
        let acl = try await aclOfNewObjects(as: creator)
        let roles = ["anon", "authenticated", "postgres", "service_role"]
        let publicToo = ["function =X"]
        #expect(
            acl.sorted()
                == (publicToo
                + roles.flatMap {
                    ["function \($0)=X", "sequence \($0)=rwU", "table \($0)=arwdDxt"]
                }).sorted()
        )
    }

    @Test(.scratchDatabase(era: .apiRolesGetNone), arguments: ["postgres", "supabase_admin"])
    func `in the newer era the API roles keep TRUNCATE, REFERENCES, TRIGGER and PUBLIC's EXECUTE`(
        creator: String
    ) async throws {
        let acl = try await aclOfNewObjects(as: creator)
        let roles = ["anon", "authenticated", "service_role"]
        let owner = ["function =X", "function postgres=X", "sequence postgres=rwU", "table postgres=arwdDxt"]
        #expect(acl.sorted() == (owner + roles.flatMap { ["sequence \($0)=w", "table \($0)=Dxt"] }).sorted())
    }

    @Test(
        .scratchDatabase,
        arguments: [
            "CREATE TABLE auth.mine (id int)", "ALTER TABLE auth.users ADD COLUMN mine int",
            "CREATE INDEX ON auth.users (created_at)", "DROP TABLE auth.identities",
            "CREATE POLICY mine ON auth.users USING (true)", "INSERT INTO auth.schema_migrations VALUES ('1')",
            "SET ROLE supabase_auth_admin", "SET ROLE supabase_admin",
        ]
    )
    func `postgres is refused on what the services own`(statement: String) async throws {
        let session = try await ScratchDatabase.current.session()
        let error = await #expect(throws: PostgresError.self) { try await session.executeScript(statement) }
        #expect(error?.sqlState == .insufficientPrivilege)
    }

    @Test(.scratchDatabase) func `postgres hangs triggers, foreign keys and policies on managed tables`() async throws {
        let session = try await ScratchDatabase.current.session()
        try await session.executeScript(
            """
            CREATE TABLE public.profiles (id uuid PRIMARY KEY REFERENCES auth.users (id) ON DELETE CASCADE);
            CREATE FUNCTION public.on_sign_up() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
                AS 'BEGIN INSERT INTO public.profiles VALUES (NEW.id); RETURN NEW; END';
            CREATE TRIGGER on_auth_user_created AFTER INSERT ON auth.users
                FOR EACH ROW EXECUTE FUNCTION public.on_sign_up();
            INSERT INTO auth.users (id, email) VALUES ('00000000-0000-4000-8000-000000000001', 'ada@example.org');
            CREATE POLICY own_files ON storage.objects FOR SELECT TO authenticated
                USING ((storage.foldername(name))[1] = (SELECT auth.uid())::text);
            CREATE POLICY listen ON realtime.messages FOR SELECT TO authenticated USING (realtime.topic() = 'trips');
            """
        )
        let rows = try await session.query("SELECT count(*) AS rows FROM public.profiles")
        #expect(try rows.first?.value("rows", as: Int.self) == 1)
    }

    @Test(.scratchDatabase, arguments: ["anon", "authenticated", "service_role"])
    func `API roles cannot read auth users`(role: String) async throws {
        let session = try await ScratchDatabase.current.session()
        try await session.executeScript("SET ROLE \(role)")
        let error = await #expect(throws: PostgresError.self) { _ = try await session.query("SELECT FROM auth.users") }
        #expect(error?.sqlState == .insufficientPrivilege)
    }

    @Test(.scratchDatabase) func `the vault is for those who may read all data`() async throws {
        let database = try ScratchDatabase.current
        _ = try await database.session().query("SELECT FROM vault.secrets")
        _ = try await database.session(as: "supabase_read_only_user").query("SELECT FROM vault.secrets")
        let error = await #expect(throws: PostgresError.self) {
            _ = try await database.session(as: "authenticator").query("SELECT FROM vault.secrets")
        }
        #expect(error?.sqlState == .insufficientPrivilege)
    }
}
