import ArchiveRepository
import Diagnostics
import LogicalBackup
import OffPool

/// What a run received, and the month around it, as `--json` prints it: bytes.
struct EgressDocument: Encodable, Equatable {
    /// Received by this run.
    let run: Int
    /// Received by the backups of the month so far.
    let month: Int
    /// Received at the end of the month, when it goes on so.
    let forecast: Int
    /// What the plan allows in a month; missing where no plan is known.
    let plan: Int?

    init(_ egress: EgressForecast, run: Int) {
        self.run = run
        month = egress.bytes
        forecast = egress.forecast
        plan = egress.plan
    }
}

extension CommandContext {
    /// What Supabase's free plan allows, for all that a project sends.
    private static let freePlan = ByteSize(bytes: 5_000_000_000)

    /// The budget that the configuration sets for the backups of a database.
    func egressBudget(of target: DatabaseTarget) throws(CommandError) -> ByteSize? {
        guard let name = target.environmentName else { return nil }
        return try configuration()?.environments[name]?.egressBudget
    }

    /// What the plan of a database allows; `nil` for a server that is nobody's plan.
    func egressPlan(of target: DatabaseTarget) throws(CommandError) -> ByteSize? {
        if let name = target.environmentName, let plan = try configuration()?.environments[name]?.egressPlan {
            return plan
        }
        return target.isLoopback || target.ref == nil ? nil : Self.freePlan
    }

    /// The month's egress after a backup; `nil`, with a note, when the ledger cannot be read.
    func egress(
        of manifest: BackupManifest,
        from target: DatabaseTarget,
        in writer: WriterAccess
    ) async throws -> EgressForecast? {
        guard let run = BackupID(manifest.backup) else { return nil }
        let plan = try egressPlan(of: target).map { Int($0.bytes) }
        do {
            let (totals, isNoted) = try await offPool {
                let ledger = EgressLedger(records: SealedRecords(writer: writer))
                return (try ledger.totals(of: EgressMonth(of: run)), try ledger.holds(run))
            }
            if !isNoted {
                report.note(
                    "The backup is made; what it received could not be noted, so the sum of the month is too low by that."
                )
            }
            return EgressForecast(totals: totals, source: target.settings.egressSource, run: run, plan: plan)
        } catch let error as any ExplainedError {
            report.note("The backup is made; what this month's backups received could not be read: \(error.summary)")
            return nil
        }
    }
}
