/// How jobs behave.
public struct MaintenanceOptions: Sendable, Hashable {
    /// What `pg_stat_activity` shows.
    public var applicationName = "wheels-db/maintain"
    /// The time that rows are measured by, as PostgreSQL reads it; `nil` takes the server's.
    public var now: String?
    /// Whether jobs only count what they would change.
    public var isDryRun = false
    /// How many rows one transaction changes.
    public var batchSize = 1_000
    /// How many rows a job changes at most.
    public var maximumRows: Int?
    /// How long a job begins new batches.
    public var maximumDuration: Duration?
    /// The pause between two batches, in which others get their turn.
    public var pause = Duration.milliseconds(20)
    /// How long a statement waits for a lock.
    public var lockTimeout = Duration.seconds(2)
    /// How often a batch that met a lock is tried again.
    public var retries = 3
    /// How many weeks a report covers.
    public var weeks = 8

    /// The usual behaviour.
    public init() {}
}

/// What is told while jobs run.
public enum MaintenanceEvent: Sendable {
    /// A job has the lock and begins.
    case began(MaintenanceJob)
    /// A batch is committed: rows changed so far, and how many there were to change.
    case progress(MaintenanceJob, table: String, done: Int, total: Int)
    /// A batch met a lock, or an error that may pass, and is tried again.
    case retrying(MaintenanceJob, table: String, reason: String)
}
