import Diagnostics
import PostgresClient
import PostgresTypes
import SQLText

/// One run of one job: its session, its time, and what it did so far.
struct JobRun {
    let job: MaintenanceJob
    let session: Session
    let options: MaintenanceOptions
    /// The time that counts as now, as the server writes it.
    let now: String
    let begin = ContinuousClock.now
    let onEvent: @Sendable (MaintenanceEvent) -> Void
    var report: JobReport

    init(
        job: MaintenanceJob,
        session: Session,
        options: MaintenanceOptions,
        onEvent: @escaping @Sendable (MaintenanceEvent) -> Void
    ) async throws {
        self.job = job
        self.session = session
        self.options = options
        self.onEvent = onEvent
        report = JobReport(job, options.isDryRun ? .dryRun : .done)
        let rows = try await session.query(
            "select coalesce(\(options.now)::timestamptz, pg_catalog.statement_timestamp())::text as now")
        now = try rows.first?.value("now") ?? ""
    }

    // MARK: - Limits

    /// Whether a limit of the run is reached, with rows that are not in the report yet.
    func isAtLimit(adding done: Int) -> Bool {
        if remaining(after: done) == 0 { return true }
        if let duration = options.maximumDuration, .now - begin >= duration { return true }
        return false
    }

    /// How many rows the run may change still.
    func remaining(after done: Int) -> Int {
        options.maximumRows.map { max($0 - report.rows - done, 0) } ?? .max
    }

    /// How many rows the next batch may change.
    func nextBatch(after done: Int) -> Int { min(options.batchSize, remaining(after: done)) }

    // MARK: - Transactions

    /// Runs a body in a transaction of its own; what may pass by itself is tried again a few times.
    func transaction<Value: Sendable>(on table: String, _ body: (Session) async throws -> Value) async throws -> Value {
        var failures = 0
        while true {
            do {
                return try await session.withTransaction { session in
                    try await session.executeScript(limits)
                    return try await body(session)
                }
            } catch let error as PostgresError where error.mayPass && failures < options.retries {
                failures += 1
                onEvent(.retrying(job, table: table, reason: error.message))
                try await Task.sleep(for: .milliseconds(100) * (1 << failures))
            }
        }
    }

    /// A lock is waited for briefly, a batch never runs for long, and no row is hidden by row level security.
    private var limits: String {
        let lock = Int(options.lockTimeout / .milliseconds(1))
        return "set local lock_timeout = \(lock); set local statement_timeout = '5min'; set local row_security = off"
    }

    /// Runs a body in a transaction that cannot change anything.
    func reading<Value: Sendable>(_ body: (Session) async throws -> Value) async throws -> Value {
        try await session.withTransaction(.repeatableReadOnly) { session in
            try await session.executeScript(limits)
            return try await body(session)
        }
    }

    /// One whole number of a query's only row.
    static func number(_ query: Query, in session: Session) async throws -> Int {
        let rows = try await session.query(query)
        return try rows.first?.value("rows") ?? 0
    }

    // MARK: - Changes

    /// Changes all rows of a change, or counts them in a dry run.
    mutating func apply(_ change: BatchedChange) async throws {
        let now = now
        let total = try await reading { try await Self.number(change.count(now: now), in: $0) }
        guard !options.isDryRun else {
            let rows = min(total, remaining(after: 0))
            return count(change.table, change.action, rows, left: total - rows)
        }
        var done = 0
        var left = total
        var fruitless = 0
        while left > 0, !isAtLimit(adding: done), fruitless < 3 {
            let limit = nextBatch(after: done)
            let counts = try await transaction(on: change.table) { session in
                let rows = try await session.query(change.batch(now: now, limit: limit))
                return (picked: try rows.first?.value("picked") ?? 0, changed: try rows.first?.value("changed") ?? 0)
            }
            done += counts.changed
            onEvent(.progress(job, table: change.table, done: done, total: max(total, done)))
            // Rows that another session had just changed are picked and not changed: the next batch sees them anew.
            fruitless = counts.picked > 0 && counts.changed == 0 ? fruitless + 1 : 0
            if counts.picked == 0 || counts.picked < limit && counts.picked == counts.changed { break }
            try await Task.sleep(for: options.pause)
        }
        left = try await reading { try await Self.number(change.count(now: now), in: $0) }
        record(change, rows: done, left: left)
    }

    private mutating func record(_ change: BatchedChange, rows: Int, left: Int) {
        if left > 0, isAtLimit(adding: rows) {
            report.outcome = .stopped
        } else if left > 0 {
            report.findings.append(
                Finding(
                    code: "maintenance.rows-held", severity: .note, subject: "public.\(change.table)",
                    message: "\(left) rows of public.\(change.table) came or were held by other sessions meanwhile.",
                    remedy: Remedy("The next run takes them.")))
        }
        count(change.table, change.action, rows, left: left)
    }

    /// Notes rows of a table; a table that stands there already with the same action is added to.
    mutating func count(_ table: String, _ action: JobReport.TableCount.Action, _ rows: Int, left: Int = 0) {
        let name = "public.\(table)"
        let before = report.tables.firstIndex { $0.table == name && $0.action == action }
        let earlier = before.map { report.tables.remove(at: $0) }
        let whole = JobReport.TableCount(
            table: name, action: action, rows: rows + (earlier?.rows ?? 0), left: left + (earlier?.left ?? 0))
        report.tables.insert(whole, at: before ?? report.tables.endIndex)
    }
}

extension PostgresError {
    /// Whether the same transaction may succeed a moment later: locks, deadlocks, and a user who was deleted meanwhile.
    fileprivate var mayPass: Bool {
        guard let sqlState else { return false }
        return sqlState.isRetryable || sqlState == "23503"
    }
}
