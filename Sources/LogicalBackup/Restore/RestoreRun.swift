public import ArchiveRepository
import CatalogInspection
import Diagnostics
import Foundation
public import PostgresClient
import PostgresTypes
import SQLText

/// Brings a backup back into a database, with the door closed until everything is proved.
public struct RestoreRun: Sendable {
    let settings: ConnectionSettings
    let reader: ReaderAccess
    let options: RestoreOptions
    let onProgress: ProgressHandler

    /// A run into one database.
    ///
    /// - Parameters:
    ///   - settings: The target.
    ///   - reader: The right to read the repository.
    ///   - options: What the run is told.
    ///   - onProgress: Receives progress.
    public init(
        settings: ConnectionSettings,
        reader: ReaderAccess,
        options: RestoreOptions,
        onProgress: @escaping ProgressHandler = { _ in }
    ) {
        self.settings = settings
        self.reader = reader
        self.options = options
        self.onProgress = onProgress
    }

    /// Says what a restore would do; the target is only read.
    ///
    /// - Parameter manifest: The backup.
    /// - Returns: The plan with everything that stands in the way.
    /// - Throws: ``BackupError``, `PostgresError`, `RepositoryError`.
    public func plan(_ manifest: BackupManifest) async throws -> RestorePlan {
        let session = try await connect()
        do {
            let plan = try await RestorePreparation(run: self, manifest: manifest).prepare(on: session).plan
            await session.close()
            return plan
        } catch {
            await session.close()
            throw error
        }
    }

    /// Restores and proves.
    ///
    /// - Parameter manifest: The backup.
    /// - Returns: What was done and compared.
    /// - Throws: ``BackupError`` of class `refused` when the plan is, of class `locked` when another restore is running
    ///   (nothing was touched then), of class `dataDiffers` when the proof fails; `PostgresError`, `RepositoryError`. After an error that came later than the schema the
    ///   target stays closed and says so to the next restore.
    public func run(_ manifest: BackupManifest) async throws -> RestoreReport {
        let begin = ContinuousClock.now
        let session = try await connect()
        do {
            try await RestoreLock.take(on: session)
            let prepared = try await RestorePreparation(run: self, manifest: manifest).prepare(on: session)
            try Self.refuse(prepared.plan)
            let steps = RestoreSteps(run: self, manifest: manifest, prepared: prepared, leader: session)
            let proof = try await prepared.plan.isPartial ? steps.restoreRows() : steps.restoreAll()
            await RestoreLock.release(on: session)
            await session.close()
            let elapsed = (ContinuousClock.now - begin).components
            return RestoreReport(
                backup: manifest.backup,
                tables: prepared.plan.tables.count,
                rows: prepared.plan.rows,
                seconds: Double(elapsed.seconds) + Double(elapsed.attoseconds) / 1e18,
                proof: proof,
                warnings: prepared.plan.findings.filter { $0.severity == .warning },
                kept: prepared.plan.items.filter { $0.action == .keep }
            )
        } catch {
            await RestoreLock.release(on: session)
            await session.close()
            throw error
        }
    }

    func connect() async throws -> Session {
        let session = try await ConnectionRules.connect(
            to: settings,
            activity: "A restore",
            applicationName: "wheels-db/restore",
            retry: options.retry
        )
        try await session.executeScript(Self.sessionSettings)
        return session
    }

    /// The settings under which pg_restore's statements run; the role must see every row.
    static let sessionSettings = """
        set check_function_bodies = off; set search_path = ''; set xmloption = content;
        set standard_conforming_strings = on; set row_security = off; set client_min_messages = warning;
        set statement_timeout = 0; set lock_timeout = '60s'; set idle_in_transaction_session_timeout = 0
        """

    private static func refuse(_ plan: RestorePlan) throws {
        let errors = plan.findings.filter { $0.severity == .error }
        guard let first = errors.first else { return }
        let more = errors.count > 1 ? " (and \(errors.count - 1) more)" : ""
        throw BackupError(
            code: first.code,
            summary: "\(first.message)\(more) Nothing was changed.",
            remedy: first.remedy,
            failureClass: .refused,
            findings: errors
        )
    }
}
