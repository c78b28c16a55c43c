import Diagnostics
public import PostgresClient
import PostgresTypes
import SQLText

/// Applies migrations: one transaction a file, under the lock of the run.
///
/// ```swift
/// let folder = try MigrationFolder.read("migrations")
/// let report = try await MigrationRunner(settings: settings, options: options).up(folder)
/// ```
public struct MigrationRunner: Sendable {
    private let settings: ConnectionSettings
    private let options: MigrationOptions
    private let onEvent: @Sendable (MigrationEvent) -> Void

    /// A runner for one database.
    ///
    /// - Parameters:
    ///   - settings: The database, directly or through a pooler in session mode.
    ///   - options: How the run behaves.
    ///   - onEvent: Told what happens; called from any thread.
    public init(
        settings: ConnectionSettings,
        options: MigrationOptions,
        onEvent: @escaping @Sendable (MigrationEvent) -> Void = { _ in }
    ) {
        self.settings = settings
        self.options = options
        self.onEvent = onEvent
    }

    /// What a run would do; changes nothing and takes no lock.
    ///
    /// - Parameter folder: The migrations.
    /// - Returns: The plan, with what speaks against it.
    /// - Throws: `PostgresError`; ``MigrationError`` when the role may not read the ledger, and for an unknown last
    ///   version.
    public func plan(_ folder: MigrationFolder) async throws -> MigrationPlan {
        let session = try await Session.connect(to: settings, applicationName: options.applicationName)
        do {
            let plan = try self.plan(folder, try await readLedger(session))
            await session.close()
            return plan
        } catch {
            await session.close()
            throw error
        }
    }

    /// Applies what is pending, in order.
    ///
    /// - Parameter folder: The migrations.
    /// - Returns: What was applied, and the findings that did not stop the run.
    /// - Throws: ``MigrationError``: another run holds the lock, the plan has obstacles, or a file failed. Files before
    ///   the failing one stay applied; the failing one is rolled back.
    public func up(_ folder: MigrationFolder) async throws -> MigrationReport {
        let lock = try await MigrationLock.acquire(settings, applicationName: options.applicationName)
        do {
            let session = try await Session.connect(
                to: settings, applicationName: options.applicationName, onNotice: { onEvent(.notice($0)) })
            let report: MigrationReport
            do {
                report = try await beating(lock, session) { try await run(folder, session, lock) }
            } catch {
                await session.close()
                throw error
            }
            await session.close()
            await lock.release()
            return report
        } catch {
            await lock.release()
            throw error
        }
    }

    /// Runs a body while a child task keeps the lock alive; a lost lock stops what the session is doing.
    private func beating<Value: Sendable>(
        _ lock: MigrationLock,
        _ session: Session,
        _ body: () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Void.self) { group in
            let interval = options.heartbeat
            group.addTask { await lock.beat(every: interval) { session.cancel() } }
            defer { group.cancelAll() }
            return try await body()
        }
    }

    private func plan(_ folder: MigrationFolder, _ ledger: MigrationLedger) throws -> MigrationPlan {
        if let last = options.lastVersion, !folder.files.contains(where: { $0.version == last }) {
            throw MigrationError.unknownVersion(last)
        }
        return MigrationPlan(
            files: folder.files, ledger: ledger.entries, includeOutOfOrder: options.includesOutOfOrder,
            upTo: options.lastVersion, folderFindings: folder.findings)
    }

    private func run(
        _ folder: MigrationFolder,
        _ session: Session,
        _ lock: MigrationLock
    ) async throws -> MigrationReport {
        let begin = ContinuousClock.now
        let plan = try self.plan(folder, try await readLedger(session))
        guard plan.obstacles.isEmpty else { throw MigrationError.refused(plan.obstacles) }
        onEvent(.planned(count: plan.steps.count))
        var applied: [MigrationFileName] = []
        if !plan.steps.isEmpty { try await makeLedger(session) }
        for step in plan.steps {
            let run = StepRun(
                step: step, session: session, lock: lock, options: options, appliedBefore: applied, onEvent: onEvent,
                watch: BlockerWatch(
                    settings: settings, applicationName: options.applicationName, interval: options.lockTimeout / 2))
            try await run.apply()
            applied.append(step.file.fileName)
        }
        return MigrationReport(
            applied: applied, findings: plan.findings, duration: .now - begin)
    }

    private func readLedger(_ session: Session) async throws -> MigrationLedger {
        do {
            return try await MigrationLedger.read(from: session)
        } catch let error as PostgresError where error.failureClass == .permission {
            throw MigrationError.ledgerClosed(error)
        }
    }

    private func makeLedger(_ session: Session) async throws {
        do {
            try await MigrationLedger.create(in: session)
        } catch let error as PostgresError where !error.endsSession {
            throw MigrationError.noLedger(error)
        }
    }
}
