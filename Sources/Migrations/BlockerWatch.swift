import PostgresClient
import PostgresTypes

/// Looks, while a migration runs, for sessions that it waits for.
///
/// A connection of its own, opened only when a migration takes longer than a second. What cannot be seen is no error.
struct BlockerWatch: Sendable {
    let settings: ConnectionSettings
    let applicationName: String
    let interval: Duration

    /// Reports blockers until the task is cancelled.
    ///
    /// - Parameters:
    ///   - pid: The server process of the session that runs the migration.
    ///   - report: Gets the blockers, whenever there are others than before.
    func watch(_ pid: Int, report: @Sendable ([LockBlocker]) -> Void) async {
        guard (try? await Task.sleep(for: interval)) != nil else { return }
        guard let session = try? await Session.connect(to: settings, applicationName: applicationName) else { return }
        var last: Set<Int> = []
        repeat {
            guard let blockers = try? await blockers(of: pid, session) else { break }
            let pids = Set(blockers.map(\.pid))
            if !pids.isEmpty, pids != last {
                last = pids
                report(blockers)
            }
        } while (try? await Task.sleep(for: interval)) != nil
        await session.close()
    }

    private func blockers(of pid: Int, _ session: Session) async throws -> [LockBlocker] {
        let rows = try await session.query(
            """
            select pid, coalesce(usename::text, '?') as role, coalesce(application_name, '') as application_name,
                   coalesce(state, backend_type) as state,
                   coalesce(pg_catalog.to_char(xact_start at time zone 'UTC', 'HH24:MI:SS') || ' UTC', '?') as since,
                   coalesce(pg_catalog.left(pg_catalog.split_part(query, E'\\n', 1), 80), '') as query
            from pg_catalog.pg_stat_activity
            where pid = any (pg_catalog.pg_blocking_pids(\(pid)::int)) and pid <> pg_catalog.pg_backend_pid()
            order by pid
            """)
        return try rows.map { row in
            LockBlocker(
                pid: try row.value("pid", as: Int.self), role: try row.value("role", as: String.self),
                applicationName: try row.value("application_name", as: String.self),
                state: try row.value("state", as: String.self), since: try row.value("since", as: String.self),
                query: try row.value("query", as: String.self))
        }
    }
}
