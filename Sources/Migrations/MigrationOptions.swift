public import PostgresClient

/// How a run behaves.
public struct MigrationOptions: Sendable {
    /// The version of this tool, for the table of events.
    public var toolVersion: String
    /// What `pg_stat_activity` and a second run show.
    public var applicationName: String
    /// Whether older versions that are new are applied as well.
    public var includesOutOfOrder: Bool
    /// The last version to apply; `nil` for all.
    public var lastVersion: String?
    /// How long a statement waits for a lock before its file is rolled back and tried again.
    public var lockTimeout: Duration
    /// How long, and with which pauses, a file is tried again after it could not get its locks.
    public var lockRetry: RetryPolicy
    /// How often the connection that holds the run's lock shows that it lives.
    public var heartbeat: Duration

    /// The defaults of the command line.
    ///
    /// - Parameter toolVersion: The version of this tool.
    public init(toolVersion: String) {
        self.toolVersion = toolVersion
        applicationName = "wheels-db/migrate"
        includesOutOfOrder = false
        lastVersion = nil
        lockTimeout = .seconds(2)
        lockRetry = RetryPolicy(limit: .seconds(90), firstPause: .milliseconds(500), longestPause: .seconds(8))
        heartbeat = .seconds(15)
    }
}
