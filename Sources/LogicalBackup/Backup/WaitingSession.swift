import PostgresClient
import PostgresTypes

/// A session that waits for a table that others hold.
struct WaitingSession: Sendable, Hashable, CustomStringConvertible {
    /// The server's process.
    let process: Int
    /// The role.
    let role: String
    /// What the session calls itself.
    let application: String
    /// The first line of what it runs.
    let statement: String
    /// The table that it waits for.
    let table: String
    /// How long it has waited.
    let waited: Duration

    /// One phrase: process, role, program and statement.
    var description: String {
        let program = application.isEmpty ? "" : ", \(application)"
        let said = statement.isEmpty ? "" : ", `\(statement)`"
        return "Process \(process) (role \(role)\(program)\(said))"
    }

    /// Those who wait for a table that some processes hold, the longest first.
    ///
    /// Only locks on tables count: whoever waits for one makes all others wait behind him. A `CREATE INDEX CONCURRENTLY`
    /// waits for the snapshot to end and holds up nobody.
    ///
    /// - Parameters:
    ///   - processes: The server's processes that hold.
    ///   - session: A session, also in a transaction.
    /// - Returns: Them.
    /// - Throws: `PostgresError`.
    static func all(behind processes: [Int], seenBy session: Session) async throws -> [WaitingSession] {
        let holders = "'{\(processes.map(String.init).joined(separator: ","))}'::int[]"
        // Asking for the blockers of a process stops the whole lock manager for a moment: only of those that wait.
        let rows = try await session.query(
            Query(
                unsafeSQL: """
                    with waiting as materialized (
                      select l.pid, l.relation, l.waitstart from pg_catalog.pg_locks l
                      where not l.granted and l.locktype = 'relation' and l.waitstart is not null
                        and l.database = (select d.oid from pg_catalog.pg_database d
                                          where d.datname = pg_catalog.current_database()))
                    select w.pid::text as process, coalesce(a.usename::text, '?') as role,
                      coalesce(a.application_name, '') as application,
                      coalesce(pg_catalog.left(pg_catalog.split_part(a.query, E'\\n', 1), 80), '') as statement,
                      coalesce(n.nspname || '.' || c.relname, 'relation ' || w.relation) as relation,
                      (extract(epoch from pg_catalog.clock_timestamp() - w.waitstart) * 1000)::int8::text as waited
                    from waiting w
                      left join pg_catalog.pg_stat_activity a on a.pid = w.pid
                      left join pg_catalog.pg_class c on c.oid = w.relation
                      left join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                    where pg_catalog.pg_blocking_pids(w.pid) && \(holders)
                    order by w.waitstart
                    """))
        return try rows.map { row in
            WaitingSession(
                process: try row.value("process"), role: try row.value("role"),
                application: try row.value("application"), statement: try row.value("statement"),
                table: try row.value("relation"), waited: .milliseconds(try row.value("waited", as: Int.self)))
        }
    }
}
