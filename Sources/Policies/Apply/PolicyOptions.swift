public import PostgresClient

/// How policies are planned and applied.
public struct PolicyOptions: Sendable {
    /// The version of this tool, for the table of records.
    public var toolVersion: String
    /// What `pg_stat_activity` and a second run show.
    public var applicationName: String
    /// Whether policies that no file names are dropped from tables that have a file.
    public var prunes: Bool
    /// The schemas of the data API: every relation there should have a file.
    public var exposedSchemas: [String]
    /// How long a statement waits for a lock before its table is rolled back and tried again.
    public var lockTimeout: Duration
    /// How long, and with which pauses, a table is tried again after its locks could not be had.
    public var lockRetry: RetryPolicy

    /// The defaults of the command line.
    ///
    /// - Parameter toolVersion: The version of this tool.
    public init(toolVersion: String) {
        self.toolVersion = toolVersion
        applicationName = "wheels-db/policy"
        prunes = false
        exposedSchemas = ["public"]
        lockTimeout = .seconds(2)
        lockRetry = RetryPolicy(limit: .seconds(90), firstPause: .milliseconds(500), longestPause: .seconds(8))
    }
}
