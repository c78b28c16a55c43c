import CatalogInspection
import PostgresClient
import PostgresTesting
import PostgresTypes
import Testing

@Suite("Roles and their settings", .tags(.server))
struct RoleQueryTests {
    /// Runs a script that makes roles, whose names begin with `ROLE`, and drops them afterwards.
    private func withRoles(_ script: String, _ body: (Session, String) async throws -> Void) async throws {
        let scratch = try ScratchDatabase.current
        let prefix = "member_\(scratch.name)"
        let admin = try await scratch.superuserSession()
        let result: Result<Void, any Error>
        do {
            try await admin.executeScript(
                script.replacing("ROLE", with: prefix).replacing("DATABASE_NAME", with: scratch.name))
            let session = try await scratch.session()
            try await session.executeScript("set search_path = ''; set timezone = 'UTC'")
            try await body(session, prefix)
            result = .success(())
        } catch { result = .failure(error) }
        for row in try await admin.query("select rolname from pg_roles where rolname like \(prefix + "%")") {
            let role = row[0] ?? ""
            try await admin.executeScript("drop owned by \"\(role)\" cascade")
            try await admin.executeScript("drop role \"\(role)\"")
        }
        try result.get()
    }

    @Test(.scratchDatabase) func `a role is read with all its attributes, and the system's roles are not`() async throws
    {
        try await withRoles(
            """
            create role ROLE_plain;
            create role "ROLE_All 🚐" superuser noinherit createrole createdb login replication bypassrls
              connection limit 7 password 'secret' valid until '2030-01-02 03:04:05+00';
            comment on role "ROLE_All 🚐" is 'everything';
            """
        ) { session, prefix in
            let reading = try await RoleQuery.roles(in: session)
            #expect(reading.state == .read && reading.reason == nil)
            #expect(reading.items.contains { $0.name == "anon" && !$0.mayLogIn })
            #expect(!reading.items.contains { $0.name.hasPrefix("pg_") })
            let mine = reading.items.filter { $0.name.hasPrefix(prefix) }
            #expect(mine.map(\.name) == ["\(prefix)_All 🚐", "\(prefix)_plain"])
            let all = try #require(mine.first)
            #expect(all.isSuperuser && !all.inherits && all.mayCreateRoles && all.mayCreateDatabases)
            #expect(all.mayLogIn && all.mayReplicate && all.bypassesRowSecurity)
            #expect(all.connectionLimit == 7 && all.comment == "everything")
            #expect(all.validUntil == "2030-01-02 03:04:05+00")
            let plain = try #require(mine.last)
            #expect(!plain.isSuperuser && plain.inherits && !plain.mayCreateRoles && !plain.mayCreateDatabases)
            #expect(!plain.mayLogIn && !plain.mayReplicate && !plain.bypassesRowSecurity)
            #expect(plain.connectionLimit == -1 && plain.validUntil == nil && plain.comment == nil)
        }
    }

    @Test(.scratchDatabase) func `memberships are read with who gave them, the system's roles as groups too`()
        async throws
    {
        try await withRoles(
            """
            create role ROLE_group; create role ROLE_a; create role ROLE_b;
            grant ROLE_group to ROLE_a; grant ROLE_group to ROLE_b with admin option; grant pg_monitor to ROLE_a;
            """
        ) { session, prefix in
            let reading = try await RoleQuery.memberships(in: session)
            let mine = reading.items.filter { $0.member.hasPrefix(prefix) }
            #expect(
                mine.map { "\($0.role) \($0.member) \($0.mayGrant)" } == [
                    "\(prefix)_group \(prefix)_a false", "\(prefix)_group \(prefix)_b true",
                    "pg_monitor \(prefix)_a false",
                ])
            #expect(mine.allSatisfy { $0.grantor == "supabase_admin" })
            if session.serverVersion.major < 16 { #expect(mine.allSatisfy { $0.inherits == nil && $0.maySet == nil }) }
            #expect(reading.items.contains { $0.role == "anon" && $0.member == "authenticator" })
            #expect(!reading.items.contains { $0.member.hasPrefix("pg_") })
        }
    }

    @Test(.scratchDatabase) func `settings of roles and of this database are read, those of others are not`()
        async throws
    {
        let other = try await ScratchDatabase.current.emptyDatabase().database ?? ""
        try await withRoles(
            """
            create role ROLE_a; create role ROLE_b;
            alter role ROLE_a set statement_timeout = '3s'; alter role ROLE_a set search_path = "$user", public, "a b";
            alter role ROLE_a in database DATABASE_NAME set work_mem = '8MB';
            alter role ROLE_a in database \(other) set work_mem = '9MB';
            alter database DATABASE_NAME set app.jwt_secret = 'super=secret';
            alter database \(other) set app.jwt_secret = 'of another';
            """
        ) { session, prefix in
            let reading = try await RoleQuery.settings(in: session)
            let mine = reading.items.filter { $0.role?.hasPrefix(prefix) ?? $0.isForThisDatabase }
            #expect(
                mine.map { "\($0.role ?? "-") \($0.isForThisDatabase) \($0.name)=\($0.value ?? "")" } == [
                    "\(prefix)_a false search_path=\"$user\", public, \"a b\"",
                    "\(prefix)_a false statement_timeout=3s",
                    "- true app.jwt_secret=super=secret", "\(prefix)_a true work_mem=8MB",
                ])
            let secret = try #require(mine.first { $0.name == "app.jwt_secret" })
            #expect(secret.mayBeSecret && secret.withoutSecret.value == nil)
            #expect(secret.withoutSecret.name == secret.name)
            let open = try #require(mine.first { $0.name == "work_mem" })
            #expect(!open.mayBeSecret && open.withoutSecret == open)
        }
    }

    @Test(.scratchDatabase) func `default privileges tell what they add and what they take away`() async throws {
        try await withRoles(
            """
            create schema t; create role ROLE_maker; create role ROLE_reader;
            grant usage, create on schema t to ROLE_maker;
            alter default privileges for role ROLE_maker revoke execute on functions from public;
            alter default privileges for role ROLE_maker grant usage on sequences to ROLE_reader;
            alter default privileges for role ROLE_maker in schema t grant select on tables to ROLE_reader;
            alter default privileges for role ROLE_maker revoke usage on types from public;
            """
        ) { session, prefix in
            let reading = try await DefaultPrivilegeQuery.defaultPrivileges(in: session)
            let mine = reading.items.filter { $0.role.hasPrefix(prefix) }
            let maker = "\(prefix)_maker"
            #expect(
                mine.map { "\($0.schema ?? "-") \($0.objects) +\($0.granted) -\($0.revoked)" } == [
                    "- functions +[] -[\"=X/\(maker)\"]",
                    "- sequences +[\"\(prefix)_reader=U/\(maker)\"] -[]",
                    "- types +[] -[\"=U/\(maker)\"]",
                    "t tables +[\"\(prefix)_reader=r/\(maker)\"] -[]",
                ])
            #expect(mine.first?.entries == ["\(maker)=X/\(maker)"])
            // What a project has from the start is there as well.
            #expect(reading.items.contains { $0.role == "postgres" && $0.schema == "public" && $0.objects == "tables" })
        }
    }
}
