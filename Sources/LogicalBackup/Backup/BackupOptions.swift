public import Foundation
public import PostgresClient

/// What a backup may be told.
public struct BackupOptions: Sendable {
    /// Sessions that read rows at the same time; fewer when the server has fewer free slots.
    public var jobs: Int
    /// Read every row, and check what is stored already before it is used again, instead of trusting the last manifest.
    public var full: Bool
    /// After how long every row is read again, in seconds; `nil`: never of itself.
    public var fullEvery: Double?
    /// How long to wait for the lock of one table.
    public var lockTimeout: String
    /// How long a connection that fails is tried again.
    public var retry: RetryPolicy
    /// The variables of the process, for pg_dump and the temporary folder.
    public var environment: [String: String]
    /// The version of the tool, for the manifest.
    public var toolVersion: String
    /// The names of the variables that the project's configuration requires; `nil` without a configuration.
    public var requiredVariables: [String]?
    /// The values of environment variables to seal for the holders of the keys; `nil` for none.
    public var environmentValues: [String: String]?
    /// Bytes that the backups of one month may receive from the server; `nil` for no limit.
    public var egressBudget: Int?
    /// What the clock of this machine says.
    public var clock: @Sendable () -> Date = { .now }
    /// How much it may be felt by those who work on the same server.
    public var load: ServerLoad
    /// Ranges of pages in one chunk; tests take fewer.
    var rangesOfChunk = ReadUnit.rangesOfChunk
    /// Receives what is read of each table before it is read; for tests.
    var onPlans: @Sendable ([TablePlan]) -> Void = { _ in }

    /// Options with the defaults of the command line.
    ///
    /// - Parameters:
    ///   - jobs: Sessions that read rows at the same time.
    ///   - full: Read every row, and check what is stored already before it is used again.
    ///   - fullEvery: After how long every row is read again, in seconds.
    ///   - lockTimeout: How long to wait for the lock of one table, as PostgreSQL writes it.
    ///   - retry: How long a connection that fails is tried again.
    ///   - environment: The variables of the process.
    ///   - toolVersion: The version of the tool.
    ///   - requiredVariables: The names of the variables that the project's configuration requires.
    ///   - egressBudget: Bytes that the backups of one month may receive from the server.
    ///   - load: How much it may be felt by those who work on the same server.
    public init(
        jobs: Int = 2,
        full: Bool = false,
        fullEvery: Double? = 7 * 86_400,
        lockTimeout: String = "30s",
        retry: RetryPolicy = .none,
        environment: [String: String],
        toolVersion: String,
        requiredVariables: [String]? = nil,
        egressBudget: Int? = nil,
        load: ServerLoad = ServerLoad()
    ) {
        self.jobs = jobs
        self.full = full
        self.fullEvery = fullEvery
        self.lockTimeout = lockTimeout
        self.retry = retry
        self.environment = environment
        self.toolVersion = toolVersion
        self.requiredVariables = requiredVariables
        self.egressBudget = egressBudget
        self.load = load
    }
}
