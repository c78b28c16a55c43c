import PostgresClient
import PostgresTypes
import Testing

/// What a test does to another session, watched from a session of its own.
enum Victim: Sendable {
    /// Waits until a backend's row of `pg_stat_activity` meets a condition.
    static func wait(_ pid: Int32, by session: Session, until condition: String) async throws {
        try await poll(session, "exists (select from pg_stat_activity where pid = \(pid) and \(condition))")
    }

    /// Waits until any backend of the session's database meets a condition.
    static func waitForAny(_ session: Session, until condition: String) async throws {
        let sql = "exists (select from pg_stat_activity where datname = current_database() and \(condition))"
        try await poll(session, sql)
    }

    /// Waits until a backend has ended.
    static func waitUntilGone(_ pid: Int32, by session: Session) async throws {
        try await poll(session, "not exists (select from pg_stat_activity where pid = \(pid))")
    }

    /// Ends a backend as an administrator does, once it meets a condition, and waits until it is gone.
    static func kill(_ pid: Int32, by session: Session, when condition: String = "true") async throws {
        try await wait(pid, by: session, until: condition)
        try await session.execute("select pg_catalog.pg_terminate_backend(\(pid), 10000)")
    }

    /// Runs work in a task of its own and cancels it once its backend meets a condition.
    ///
    /// - Returns: What the work threw; `nil` when it ended well.
    static func cancelling(
        _ session: Session,
        by watcher: Session,
        when condition: String = "wait_event = 'PgSleep'",
        _ work: @escaping @Sendable () async throws -> Void
    ) async throws -> PostgresError? {
        try await withThrowingTaskGroup(of: PostgresError?.self) { group in
            group.addTask {
                do { try await work() } catch let error as PostgresError { return error }
                return nil
            }
            try await wait(session.backendPID, by: watcher, until: condition)
            group.cancelAll()
            return try await group.next() ?? nil
        }
    }

    private static func poll(_ session: Session, _ condition: String) async throws {
        let begin = ContinuousClock.now
        while try await session.query(Query(unsafeSQL: "select \(condition)"))[0][0] != "t" {
            guard ContinuousClock.now - begin < .seconds(30) else { throw NeverHappened(condition: condition) }
        }
    }

    struct NeverHappened: Error {
        let condition: String
    }
}
