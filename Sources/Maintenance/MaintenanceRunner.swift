import Diagnostics
public import PostgresClient
import PostgresTypes

/// Runs maintenance jobs over one connection, each under its own lock.
///
/// ```swift
/// let runner = MaintenanceRunner(settings: settings, options: options)
/// let reports = try await runner.run([.cleanupExpired, .rollupDailyUsage])
/// ```
public struct MaintenanceRunner: Sendable {
    private let settings: ConnectionSettings
    private let options: MaintenanceOptions
    private let health: @Sendable () async throws -> [HealthTest]
    private let onEvent: @Sendable (MaintenanceEvent) -> Void

    /// A runner for one database.
    ///
    /// - Parameters:
    ///   - settings: The database, directly or through a pooler in session mode: locks belong to the connection.
    ///   - options: How jobs behave.
    ///   - health: The tests that ``MaintenanceJob/recordHealth`` stores; asked only when that job runs.
    ///   - onEvent: Told what happens; called from any thread.
    public init(
        settings: ConnectionSettings,
        options: MaintenanceOptions = MaintenanceOptions(),
        health: @escaping @Sendable () async throws -> [HealthTest] = { [] },
        onEvent: @escaping @Sendable (MaintenanceEvent) -> Void = { _ in }
    ) {
        self.settings = settings
        self.options = options
        self.health = health
        self.onEvent = onEvent
    }

    /// Runs jobs one after another; a job that fails does not keep the others from running.
    ///
    /// - Parameters:
    ///   - jobs: The jobs, in order.
    ///   - retry: How long connecting is tried.
    /// - Returns: A report for each job.
    /// - Throws: `PostgresError` when the database cannot be reached, is lost, or the task is cancelled: batches that
    ///   were committed stay; `TransactionPoolerError` for a pooler that shares connections.
    public func run(_ jobs: [MaintenanceJob], retry: RetryPolicy = .none) async throws -> [JobReport] {
        let session = try await Session.connect(to: settings, applicationName: options.applicationName, retry: retry)
        do {
            guard try await PoolerProbe.mode(of: session) != .transaction else {
                throw TransactionPoolerError(activity: "Maintenance", settings: settings)
            }
            var reports: [JobReport] = []
            for job in jobs { reports.append(try await run(job, session)) }
            await session.close()
            return reports
        } catch {
            await session.close()
            throw error
        }
    }

    private func run(_ job: MaintenanceJob, _ session: Session) async throws -> JobReport {
        let begin = ContinuousClock.now
        var report: JobReport
        if let locked = try await JobLock.take(job, in: session) {
            report = JobReport(job, .locked)
            report.findings = [locked]
        } else {
            onEvent(.began(job))
            report = try await locked(job, session)
            try await JobLock.give(job, in: session)
        }
        report.duration = .now - begin
        return report
    }

    private func locked(_ job: MaintenanceJob, _ session: Session) async throws -> JobReport {
        var run = try await JobRun(job: job, session: session, options: options, onEvent: onEvent)
        do {
            let missing = try await missingTables(of: job, session)
            guard missing.isEmpty else {
                run.report.outcome = .failed
                run.report.findings += missing
                return run.report
            }
            switch job {
            case .cleanupExpired: try await run.cleanUpExpired()
            case .expireTrials: try await run.expireTrials()
            case .rollupDailyUsage: try await run.rollUpDailyUsage()
            case .engagementWeekly: try await run.reportEngagement()
            case .recordHealth: try await run.recordHealth(try await health())
            case .purgeAnalytics: try await run.purgeAnalytics()
            }
        } catch let error as PostgresError where !error.endsSession && error.kind != .cancelled {
            run.fail(error)
        } catch let error as TransactionError where error.step == .commit {
            run.fail(error)
        }
        return run.report
    }

    private func missingTables(of job: MaintenanceJob, _ session: Session) async throws -> [Finding] {
        var findings: [Finding] = []
        for table in job.tables {
            let rows = try await session.query(
                "select (pg_catalog.to_regclass(\("public." + table)) is null)::text as missing")
            guard try rows.first?.value("missing", as: Bool.self) == true else { continue }
            let file = TableOrigin.migrations[table].map { "migrations/\($0).sql" } ?? "migrations/"
            findings.append(
                Finding(
                    code: "maintenance.table-missing", severity: .error, subject: "public.\(table)",
                    message: "\(job.rawValue) needs the table public.\(table), which \(file) makes.",
                    remedy: Remedy("Apply it, then run the job again:", command: "wheels-db migrate up")))
        }
        return findings
    }
}

extension JobRun {
    /// Notes what stopped the job; what was committed before stays and is counted.
    mutating func fail(_ error: any ExplainedError) {
        report.outcome = .failed
        report.findings.append(
            Finding(
                code: error.code, severity: .error, subject: job.rawValue,
                message: "\(job.rawValue) stopped: \(error.summary) Batches before it are kept.",
                remedy: error.remedy ?? Remedy("Run the job again; it goes on where it stopped.")))
    }
}
