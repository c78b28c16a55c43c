public import PostgresClient
import PostgresTypes

/// The mark in a database that says that it holds no production: `wheels_migrations.environment`, one row.
///
/// It counts only in the database it was made in: a restore carries the row along, not what ``ProjectIdentity`` reads.
/// No API role gets at the table.
public struct EnvironmentMark: Sendable, Hashable {
    /// The environment's name: `staging`.
    public let name: String
    /// Where the mark was made.
    public let identity: ProjectIdentity
    /// When, in the server's words.
    public let markedAt: String
    /// The role that made it.
    public let markedBy: String

    /// Whether the mark was made in this very database.
    ///
    /// - Parameter here: The database that is looked at.
    /// - Returns: `false` for a mark that came with a copy.
    public func isValid(in here: ProjectIdentity) -> Bool { identity == here }

    /// Reads the mark.
    ///
    /// - Parameter session: A session to the database.
    /// - Returns: The mark, or `nil` where there is none.
    /// - Throws: `PostgresError`, also when the role may not read the table.
    public static func read(in session: Session) async throws -> EnvironmentMark? {
        guard try await exists(in: session) else { return nil }
        let rows = try await session.query(
            """
            select name, project_ref, system_identifier, database_oid,
              pg_catalog.to_char(marked_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI') || ' UTC' as marked_at, marked_by
            from wheels_migrations.environment
            """)
        return try rows.first.map { row in
            EnvironmentMark(
                name: try row.value("name"),
                identity: ProjectIdentity(
                    ref: try row.optional("project_ref"), systemIdentifier: try row.value("system_identifier"),
                    database: try row.value("database_oid")),
                markedAt: try row.value("marked_at"), markedBy: try row.value("marked_by"))
        }
    }

    /// Marks the database; an older mark gives way.
    ///
    /// - Parameters:
    ///   - name: The environment's name.
    ///   - identity: Which database this is.
    ///   - session: A session to it.
    /// - Throws: `PostgresError`; nothing was changed then.
    public static func write(_ name: String, identity: ProjectIdentity, in session: Session) async throws {
        try await session.withTransaction { session in
            try await session.execute("set local lock_timeout = '4s'")
            if try await !exists(in: session) { try await session.executeScript(definition) }
            try await session.execute("delete from wheels_migrations.environment")
            try await session.execute(
                """
                insert into wheels_migrations.environment (name, project_ref, system_identifier, database_oid)
                values (\(name), \(identity.ref), \(identity.systemIdentifier), \(identity.database))
                """)
        }
    }

    /// Removes the mark.
    ///
    /// - Parameter session: A session to the database.
    /// - Returns: Whether there was one.
    /// - Throws: `PostgresError`.
    public static func remove(in session: Session) async throws -> Bool {
        guard try await exists(in: session) else { return false }
        return try await session.execute("delete from wheels_migrations.environment") > 0
    }

    private static func exists(in session: Session) async throws -> Bool {
        let rows = try await session.query(
            "select pg_catalog.to_regclass('wheels_migrations.environment') is not null as there")
        return try rows.first?.value("there") ?? false
    }

    private static let definition = """
        create schema if not exists wheels_migrations;
        create table wheels_migrations.environment (
            is_only boolean primary key default true check (is_only),
            name text not null check (name in ('staging')),
            project_ref text,
            system_identifier text not null,
            database_oid text not null,
            marked_at timestamptz not null default pg_catalog.now(),
            marked_by text not null default session_user
        );
        comment on table wheels_migrations.environment is
          'Says that this database is no production; made by wheels-db env mark, valid in this database alone.';
        alter table wheels_migrations.environment enable row level security;
        revoke all on schema wheels_migrations from public;
        do $$
        declare api_role text;
        begin
            for api_role in select rolname from pg_catalog.pg_roles
                where rolname in ('anon', 'authenticated', 'service_role')
            loop
                execute pg_catalog.format('revoke all on schema wheels_migrations from %I', api_role);
                execute pg_catalog.format('revoke all on wheels_migrations.environment from %I', api_role);
            end loop;
        end
        $$;
        """
}
