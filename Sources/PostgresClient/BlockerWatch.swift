import PostgresTypes

/// Looks, while a session works, for sessions that it waits for.
///
/// A connection of its own, opened only when the work takes longer than an interval. What cannot be seen is no error.
public struct BlockerWatch: Sendable {
    private let settings: ConnectionSettings
    private let applicationName: String
    private let interval: Duration

    /// A watch on one server.
    ///
    /// - Parameters:
    ///   - settings: The server of the session that is watched.
    ///   - applicationName: What `pg_stat_activity` shows.
    ///   - interval: The pause between two looks.
    public init(settings: ConnectionSettings, applicationName: String, interval: Duration) {
        self.settings = settings
        self.applicationName = applicationName
        self.interval = interval
    }

    /// Reports blockers until the task is cancelled.
    ///
    /// - Parameters:
    ///   - pid: The server process of the session that is watched.
    ///   - report: Gets the blockers, whenever there are others than before.
    public func watch(_ pid: Int, report: @Sendable ([LockBlocker]) -> Void) async {
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

/// A session whose locks another one waits for.
public struct LockBlocker: Sendable, Hashable, CustomStringConvertible {
    /// The server's process.
    public let pid: Int
    /// The role.
    public let role: String
    /// What the session calls itself.
    public let applicationName: String
    /// `active`, `idle in transaction`, ….
    public let state: String
    /// Since when its transaction is open, in the server's words.
    public let since: String
    /// The first line of what it runs, or ran last.
    public let query: String

    /// One phrase: process, role, program, state and statement.
    public var description: String {
        let program = applicationName.isEmpty ? "" : ", \(applicationName)"
        return "process \(pid) (role \(role)\(program), \(state) since \(since)): \(query)"
    }
}
