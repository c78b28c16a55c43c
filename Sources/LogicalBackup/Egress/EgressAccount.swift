import ArchiveRepository
import OffPool
public import PostgresClient

/// The egress of one run: counted while it lasts, kept within the month's budget, noted in the ledger at its end.
struct EgressAccount: Sendable {
    /// Counts, and stops what would break the budget.
    let meter: EgressMeter
    /// What is left of the month; `nil` without a budget.
    let budget: EgressBudget?
    private let ledger: EgressLedger
    private let claim: HeldClaim
    private let source: String

    /// Opens the account of a run; blocks.
    ///
    /// - Parameters:
    ///   - writer: Seals the ledger.
    ///   - claim: The run's claim, which keeps other runs from writing at the same time.
    ///   - settings: The server.
    ///   - limit: Bytes that the backups of a month may receive; `nil` for no limit.
    /// - Throws: `RepositoryError` when the store cannot be read.
    init(writer: WriterAccess, claim: HeldClaim, settings: ConnectionSettings, limit: Int?) throws {
        let (ledger, source) = (EgressLedger(records: SealedRecords(writer: writer)), settings.egressSource)
        self.ledger = ledger
        self.claim = claim
        self.source = source
        budget = try limit.map { limit in
            let totals = try ledger.totals(of: EgressMonth(of: claim.run))
            return EgressBudget(limit: limit, spent: totals.bytes(beside: source))
        }
        meter = EgressMeter(budget: budget)
    }

    /// All bytes received so far, those of sessions and those of programs.
    ///
    /// - Parameter sessions: The sessions of the run; closed ones know their number too.
    /// - Returns: Bytes.
    func bytesReceived(by sessions: [Session]) async -> Int {
        var bytes = meter.others
        for session in sessions { bytes += await session.receivedBytes }
        return bytes
    }

    /// Reads units within the budget, and notes what came of each table.
    ///
    /// - Parameters:
    ///   - units: What is read.
    ///   - plans: The plans of all tables.
    ///   - session: The session that reads.
    ///   - body: Reads them.
    /// - Returns: What `body` returns.
    /// - Throws: ``BackupError`` of class `outOfSpace` before the budget is broken; what `body` throws.
    func metered<Result: Sendable>(
        _ units: [ReadUnit],
        of plans: [TablePlan],
        on session: Session,
        _ body: () async throws -> Result
    ) async throws -> Result {
        var permits: [(permit: EgressMeter.Permit, share: Int)] = []
        let before = await session.receivedBytes
        func settle() async {
            let received = await session.receivedBytes - before
            let total = max(1, permits.reduce(0) { $0 + $1.share })
            for (permit, share) in permits { meter.settle(permit, received: received * share / total) }
        }
        do {
            for unit in units {
                let permit = try meter.reserve(unit.bytes, for: plans[unit.table].table.subject)
                permits.append((permit, max(1, unit.bytes)))
            }
            let result = try await body()
            await settle()
            return result
        } catch {
            await settle()
            throw error
        }
    }

    /// Notes in the ledger what the run received, once, at its end, while its claim is held.
    ///
    /// A ledger that cannot be written is no reason to fail a run that is over.
    ///
    /// - Parameters:
    ///   - bytes: All bytes received.
    ///   - hasBackup: The run ended with a backup.
    func close(bytes: Int, hasBackup: Bool) async {
        let note = EgressNote(
            source: source,
            hasBackup: hasBackup,
            bytes: bytes,
            notCounted: meter.notCounted,
            tables: meter.tables
        )
        try? await offPool {
            try claim.requireHeld()
            try ledger.add(note, of: claim.run)
        }
    }
}

extension ConnectionSettings {
    /// Whose egress it is: a project's ref, else a host; `local` for what never leaves the machine.
    public var egressSource: String {
        if isLoopback { return EgressNote.local }
        return projectRef ?? host ?? EgressNote.local
    }
}
