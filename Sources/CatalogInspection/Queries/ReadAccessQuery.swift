public import Diagnostics
public import PostgresClient
import PostgresTypes
import SQLText

/// Asks before a backup what the role would not get to see.
public enum ReadAccessQuery: Sendable {
    /// What stands between the role and the rows of some tables and sequences.
    ///
    /// - Parameter session: A session of the role.
    /// - Returns: A finding for each relation that may not be read, or of which row level security would hide rows.
    /// - Throws: `PostgresError`.
    public static func obstacles(in session: Session) async throws -> [Finding] {
        try await session.query(Query(unsafeSQL: sql)).map { row in
            let schema: String = try row.value("nspname")
            let name: String = try row.value("relname")
            let role: String = try row.value("role")
            let kind: String = try row.value("kind")
            let subject = "\(schema).\(name)"
            if try row.value("is_filtered") {
                return Finding(
                    code: "read-access.row-security",
                    severity: .error,
                    subject: subject,
                    message: "Row level security would hide rows of \(subject) from role \(role).",
                    remedy: Remedy(
                        "Back up as a role with BYPASSRLS (on Supabase: postgres), or as superuser:",
                        command: "ALTER ROLE \(SQLQuoting.identifier(role)) BYPASSRLS"
                    )
                )
            }
            let grant =
                kind == "S"
                ? "GRANT SELECT ON SEQUENCE \(SQLQuoting.qualified(schema, name)) TO \(SQLQuoting.identifier(role))"
                : "GRANT pg_read_all_data TO \(SQLQuoting.identifier(role))"
            return Finding(
                code: "read-access.privilege",
                severity: .error,
                subject: subject,
                message: "Role \(role) may not read \(subject).",
                remedy: Remedy("As the owner or a superuser run:", command: grant)
            )
        }
    }

    private static let sql = """
        with relation as (
          select c.oid, n.oid as nsp, n.nspname, c.relname, c.relkind, c.relrowsecurity
          from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
          where c.relkind in ('r', 'p', 'S') and c.relpersistence <> 't'
            and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg\\_toast%'
            and n.nspname not like 'pg\\_temp%'
            and (not exists (select from pg_catalog.pg_depend d where d.classid = 'pg_catalog.pg_class'::regclass
                   and d.objid = c.oid and d.deptype = 'e')
                 or exists (select from pg_catalog.pg_extension e where c.oid = any (e.extconfig)))
        ), access as (
          select r.*, current_user::text as role, r.relkind as kind,
            pg_catalog.has_schema_privilege(r.nsp, 'usage')
              and case r.relkind when 'S' then pg_catalog.has_sequence_privilege(r.oid, 'select')
                  else pg_catalog.has_table_privilege(r.oid, 'select') end as may_read
          from relation r
        )
        select nspname, relname, role, kind,
          may_read and relrowsecurity and pg_catalog.row_security_active(oid) as is_filtered
        from access where not may_read or (relrowsecurity and pg_catalog.row_security_active(oid))
        order by nspname, relname
        """
}
