/// A job of pg_cron; what it runs stands in the rows of `cron.job` alone, for commands often hold keys.
public struct CronJob: Sendable, Hashable, Codable {
    /// The job's number.
    public let id: Int64
    /// The job's name.
    public let name: String?
    /// When it runs, such as `30 3 * * *`.
    public let schedule: String
    /// The database it runs in.
    public let database: String
    /// The role it runs as.
    public let user: String
    /// It runs; else it waits until somebody turns it on.
    public let isActive: Bool
}
