public import PostgresClient

/// What a restore may be told.
public struct RestoreOptions: Sendable {
    /// Sessions that load rows at the same time; fewer when the server has fewer free slots.
    public var jobs: Int
    /// Compare rows, digests, foreign keys, grants and sequences with the backup afterwards.
    public var proves: Bool
    /// Only the rows of these tables, as `schema.table`, into tables that exist and are empty; `nil` restores all.
    public var tables: [String]?
    /// Extensions that the target cannot have: they are left out, and a person is told.
    var extensionsLeftOut: Set<String> = []
    /// How long a connection that fails is tried again.
    public var retry: RetryPolicy
    /// The variables of the process, for pg_restore and the temporary folder.
    public var environment: [String: String]
    /// The version of the tool, for the journal.
    public var toolVersion: String

    /// Options with the defaults of the command line.
    ///
    /// - Parameters:
    ///   - jobs: Sessions that load rows at the same time.
    ///   - proves: Compare everything with the backup afterwards.
    ///   - tables: Only the rows of these tables.
    ///   - retry: How long a connection that fails is tried again.
    ///   - environment: The variables of the process.
    ///   - toolVersion: The version of the tool.
    public init(
        jobs: Int = 2,
        proves: Bool = true,
        tables: [String]? = nil,
        retry: RetryPolicy = .none,
        environment: [String: String],
        toolVersion: String
    ) {
        self.jobs = jobs
        self.proves = proves
        self.tables = tables
        self.retry = retry
        self.environment = environment
        self.toolVersion = toolVersion
    }
}
