public import Diagnostics

/// What a job did.
public struct JobReport: Sendable, Hashable {
    /// How a job ended.
    public enum Outcome: String, Sendable, Codable {
        /// Nothing is left to do.
        case done
        /// It counted only.
        case dryRun = "dry-run"
        /// A limit of the run was reached; the rest is for the next run.
        case stopped
        /// Another run of the same job holds its lock.
        case locked
        /// It could not do all of its work.
        case failed
    }

    /// What was done to the rows of one table.
    public struct TableCount: Sendable, Hashable, Codable {
        /// A kind of change.
        public enum Action: String, Sendable, Codable {
            case delete
            case update
            case insert
            /// Inserted, or updated where the row was there already.
            case upsert
        }

        /// The table with its schema.
        public let table: String
        /// What was done.
        public let action: Action
        /// How many rows were changed; in a dry run, how many would be.
        public let rows: Int
        /// How many rows are left: held by other sessions, or over a limit of the run.
        public let left: Int
    }

    /// The job.
    public let job: MaintenanceJob
    /// How it ended.
    public var outcome: Outcome
    /// The rows by table, in the order of work.
    public var tables: [TableCount] = []
    /// What a report found, for jobs that only read.
    public var weeks: [EngagementWeek] = []
    /// What somebody should know or do.
    public var findings: [Finding] = []
    /// How long it took.
    public var duration = Duration.zero

    /// The rows of all tables.
    public var rows: Int { tables.reduce(0) { $0 + $1.rows } }

    init(_ job: MaintenanceJob, _ outcome: Outcome) {
        self.job = job
        self.outcome = outcome
    }
}
