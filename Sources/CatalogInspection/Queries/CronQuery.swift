public import PostgresClient
import PostgresTypes

/// Reads the jobs of pg_cron, where it is installed.
public enum CronQuery: Sendable {
    /// The jobs by number.
    ///
    /// - Parameter session: A session.
    /// - Returns: The jobs; `absent` without pg_cron.
    /// - Throws: `PostgresError`, but not for a missing right.
    public static func jobs(in session: Session) async throws -> CatalogReading<CronJob> {
        try await .reading(of: "cron.job", in: session) { session in
            try await session.query(Query(unsafeSQL: sql)).map { row in
                CronJob(
                    id: try row.value("jobid"),
                    name: try row.optional("jobname"),
                    schedule: try row.value("schedule"),
                    database: try row.value("database"),
                    user: try row.value("username"),
                    isActive: try row.value("active")
                )
            }
        }
    }

    /// Jobs have names since pg_cron 1.3.
    private static let sql = """
        select j.jobid, pg_catalog.to_jsonb(j) ->> 'jobname' as jobname, j.schedule, j.database, j.username, j.active
        from cron.job j order by j.jobid
        """
}
