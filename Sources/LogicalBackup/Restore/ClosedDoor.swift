import CatalogInspection
import PostgresClient
import PostgresTypes
import SQLText

/// Keeps API roles out of a database while it is restored.
///
/// Supabase's default privileges act at CREATE TABLE: a table is open to the anon key from its first moment, long before
/// its policies exist. So the default privileges of the restoring role are taken away first, and the grants come last. A
/// journal in the target tells an unfinished restore from a finished one and remembers what was taken away.
struct ClosedDoor {
    /// The statements that give back what was taken away.
    let reopening: [String]

    /// The statement that undoes the removal of EXECUTE from PUBLIC.
    static let reopenFunctions = "ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO PUBLIC"

    /// Closes the door, in the transaction that also makes the schema: when that fails, nothing was closed.
    static func close(
        on session: Session,
        manifest: BackupManifest,
        run: RestoreRun,
        managed: Set<String>
    ) async throws -> ClosedDoor {
        try await session.executeScript(
            """
            create schema wheels_db;
            revoke all on schema wheels_db from public;
            create table wheels_db.restore (
              backup text not null, started_at timestamptz not null default pg_catalog.now(), tool_version text not null,
              default_privileges text[] not null);
            comment on schema wheels_db is 'A restore is under way; it is dropped when the restore is proved.'
            """
        )
        var removing: [String] = []
        var reopening: [String] = []
        for row in try await session.query(Query(unsafeSQL: privilegeSQL)) {
            let schema = try row.optional("nspname", as: String.self)
            if let schema, managed.contains(schema) { continue }
            let scope = schema.map { " IN SCHEMA \(SQLQuoting.identifier($0))" } ?? ""
            let privilege: String = try row.value("privilege_type")
            let objects: String = try row.value("objects")
            let grantee = try row.optional("grantee", as: String.self).map(SQLQuoting.identifier) ?? "PUBLIC"
            let option = try row.value("is_grantable", as: Bool.self) ? " WITH GRANT OPTION" : ""
            removing.append("ALTER DEFAULT PRIVILEGES\(scope) REVOKE \(privilege) ON \(objects) FROM \(grantee)")
            reopening.append(
                "ALTER DEFAULT PRIVILEGES\(scope) GRANT \(privilege) ON \(objects) TO \(grantee)\(option)"
            )
        }
        removing.append("ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC")
        for statement in removing { try await session.execute(Query(unsafeSQL: statement)) }
        let journal = reopening.map { SQLQuoting.literal($0) }.joined(separator: ", ")
        try await session.execute(
            """
            insert into wheels_db.restore (backup, tool_version, default_privileges)
            values (\(manifest.backup), \(run.options.toolVersion), array[\(unsafeSQL: journal)]::text[])
            """
        )
        return ClosedDoor(reopening: reopening)
    }

    /// Forgets the journal: the restore is over.
    static func removeJournal(on session: Session) async throws {
        try await session.executeScript("drop table wheels_db.restore; drop schema wheels_db")
    }

    private static let privilegeSQL = """
        select n.nspname, g.rolname as grantee, e.privilege_type, e.is_grantable,
          case d.defaclobjtype when 'r' then 'TABLES' when 'S' then 'SEQUENCES' when 'f' then 'FUNCTIONS'
            when 'T' then 'TYPES' else 'SCHEMAS' end as objects
        from pg_catalog.pg_default_acl d
          left join pg_catalog.pg_namespace n on n.oid = d.defaclnamespace
          cross join lateral pg_catalog.aclexplode(d.defaclacl) e
          left join pg_catalog.pg_roles g on g.oid = e.grantee
        where d.defaclrole = (select oid from pg_catalog.pg_roles where rolname = current_user)
          and (n.nspname is not null or e.grantee <> d.defaclrole)
        order by 1, 5, 2, 3
        """
}
