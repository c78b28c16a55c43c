import PostgresClient
import PostgresTypes

/// What the last run found of each relation: `wheels_migrations.policy_files`.
///
/// When file and catalog are both as recorded, the relation is as its file says, and nothing has to be read or locked to
/// know it. A record is only ever a short cut: a missing or a wrong one costs a comparison.
struct PolicyLedger: Sendable {
    struct Record: Sendable, Hashable {
        let fileSHA256: String
        let catalogDigest: String
    }

    let records: [RelationName: Record]

    /// Reads the records; none where the table does not exist.
    static func read(from session: Session) async throws -> PolicyLedger {
        guard try await exists(in: session) else { return PolicyLedger(records: [:]) }
        let rows = try await session.query(
            "select schema_name, relation_name, file_sha256, catalog_digest from wheels_migrations.policy_files")
        let records = try rows.map { row in
            (
                RelationName(schema: try row.value("schema_name"), name: try row.value("relation_name")),
                Record(fileSHA256: try row.value("file_sha256"), catalogDigest: try row.value("catalog_digest"))
            )
        }
        return PolicyLedger(records: Dictionary(records) { first, _ in first })
    }

    private static func exists(in session: Session) async throws -> Bool {
        let rows = try await session.query(
            "select pg_catalog.to_regclass('wheels_migrations.policy_files')::text as found")
        return try rows.first?.optional("found", as: String.self) != nil
    }

    /// Makes the table where it is missing.
    static func create(in session: Session) async throws {
        guard try await !exists(in: session) else { return }
        try await session.withTransaction { session in
            try await session.execute("set local lock_timeout = '4s'")
            try await session.executeScript(definition)
        }
    }

    /// Records a relation as equal to its file, in the transaction that is open.
    static func record(_ file: PolicyFile, digest: String, toolVersion: String, in session: Session) async throws {
        try await session.execute(
            """
            insert into wheels_migrations.policy_files as f
              (schema_name, relation_name, file_sha256, catalog_digest, tool_version)
            values (\(file.relation.schema), \(file.relation.name), \(file.sha256), \(digest), \(toolVersion))
            on conflict (schema_name, relation_name) do update set
              file_sha256 = excluded.file_sha256, catalog_digest = excluded.catalog_digest,
              tool_version = excluded.tool_version, applied_at = pg_catalog.clock_timestamp(), role = session_user
            """)
    }

    /// No role but the owner gets at it: the schema is granted to nobody, and row level security has no policy.
    private static let definition = """
        create schema if not exists wheels_migrations;
        create table if not exists wheels_migrations.policy_files (
            schema_name text not null,
            relation_name text not null,
            file_sha256 text not null,
            catalog_digest text not null,
            applied_at timestamptz not null default pg_catalog.clock_timestamp(),
            tool_version text not null,
            role text not null default session_user,
            primary key (schema_name, relation_name)
        );
        alter table wheels_migrations.policy_files enable row level security;
        revoke all on schema wheels_migrations from public;
        do $$
        declare api_role text;
        begin
            for api_role in select rolname from pg_catalog.pg_roles
                where rolname in ('anon', 'authenticated', 'service_role')
            loop
                execute pg_catalog.format('revoke all on schema wheels_migrations from %I', api_role);
                execute pg_catalog.format('revoke all on wheels_migrations.policy_files from %I', api_role);
            end loop;
        end
        $$;
        """
}
