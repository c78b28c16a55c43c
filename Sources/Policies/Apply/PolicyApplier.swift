import Diagnostics
public import PostgresClient
import PostgresTypes

/// Makes the policies and privileges of a database equal to a folder of files: one transaction a table.
///
/// ```swift
/// let folder = try PolicyFolder.read("policies")
/// let applier = PolicyApplier(settings: settings, options: PolicyOptions(toolVersion: "1.0"))
/// let plan = try await applier.plan(folder)
/// let report = try await applier.apply(folder)
/// ```
public struct PolicyApplier: Sendable {
    private let settings: ConnectionSettings
    private let options: PolicyOptions
    private let onEvent: @Sendable (PolicyEvent) -> Void

    /// An applier for one database.
    ///
    /// - Parameters:
    ///   - settings: The database.
    ///   - options: How policies are planned and applied.
    ///   - onEvent: Told what happens; called from any thread.
    public init(
        settings: ConnectionSettings,
        options: PolicyOptions,
        onEvent: @escaping @Sendable (PolicyEvent) -> Void = { _ in }
    ) {
        self.settings = settings
        self.options = options
        self.onEvent = onEvent
    }

    /// What a run would do; changes nothing.
    ///
    /// Relations that are as they were recorded are not locked. Of the others, the tables that their policies read are
    /// locked `ACCESS SHARE` for a moment.
    ///
    /// - Parameter folder: The files.
    /// - Returns: The plan, with what was found and would not be changed.
    /// - Throws: ``PolicyError`` when files do not fit the database, or a lock could not be had; `PostgresError`.
    public func plan(_ folder: PolicyFolder) async throws -> PolicyPlan {
        try await connected { session in
            let overview = try await CatalogOverview.read(from: session)
            let ledger: PolicyLedger
            do {
                ledger = try await PolicyLedger.read(from: session)
            } catch let error as PostgresError where error.failureClass == .permission {
                ledger = PolicyLedger(records: [:])
            }
            return try await run(overview, ledger, session).compare(folder).plan
        }
    }

    /// Changes what differs.
    ///
    /// All files are compared before the first change, so a file that does not fit stops the run before it begins.
    ///
    /// - Parameter folder: The files.
    /// - Returns: What was changed, and what was found and was not.
    /// - Throws: ``PolicyError``: another run holds the lock, files do not fit the database (nothing is changed then), or
    ///   a relation failed: those before it stay changed, the failing one is rolled back. `TransactionPoolerError`
    ///   through a pooler that lends no session. `PostgresError`.
    public func apply(_ folder: PolicyFolder) async throws -> PolicyReport {
        let begin = ContinuousClock.now
        return try await connected { session in
            guard try await PoolerProbe.mode(of: session) != .transaction else {
                throw TransactionPoolerError(activity: "Applying policies", settings: settings)
            }
            try await PolicyLock.take(in: session)
            do {
                let report = try await apply(folder, session, begin)
                await PolicyLock.release(in: session)
                return report
            } catch {
                await PolicyLock.release(in: session)
                throw error
            }
        }
    }

    private func apply(
        _ folder: PolicyFolder,
        _ session: Session,
        _ begin: ContinuousClock.Instant
    ) async throws -> PolicyReport {
        let overview = try await CatalogOverview.read(from: session)
        let ledger = try await openLedger { try await PolicyLedger.read(from: session) }
        let run = try await run(overview, ledger, session)
        let comparison = try await run.compare(folder)
        if !comparison.drafts.isEmpty { try await openLedger { try await PolicyLedger.create(in: session) } }
        let applied = try await run.apply(comparison)
        return PolicyReport(
            applied: applied, unchanged: comparison.plan.relations.count { $0.state == .inSync },
            findings: comparison.plan.findings, duration: .now - begin)
    }

    private func openLedger<Value: Sendable>(_ body: () async throws -> Value) async throws -> Value {
        do { return try await body() } catch let error as PostgresError where error.failureClass == .permission {
            throw PolicyError.ledgerClosed(error)
        }
    }

    private func run(
        _ overview: CatalogOverview,
        _ ledger: PolicyLedger,
        _ session: Session
    ) async throws -> FolderRun {
        let rows = try await session.query("select pg_catalog.pg_backend_pid() as pid")
        return FolderRun(
            overview: overview, ledger: ledger, session: session, pid: try rows.first?.value("pid") ?? 0,
            options: options,
            watch: BlockerWatch(
                settings: settings, applicationName: options.applicationName, interval: options.lockTimeout / 2),
            onEvent: onEvent)
    }

    private func connected<Value: Sendable>(_ body: (Session) async throws -> Value) async throws -> Value {
        let session = try await Session.connect(
            to: settings, applicationName: options.applicationName, onNotice: { onEvent(.notice($0)) })
        do {
            let value = try await body(session)
            await session.close()
            return value
        } catch {
            await session.close()
            throw error
        }
    }
}
