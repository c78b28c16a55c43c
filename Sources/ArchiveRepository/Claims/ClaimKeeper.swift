import Diagnostics
import Foundation
import OffPool
import SealedStreams

/// Takes claims: the right to be the only run that writes to a repository.
///
/// A store knows no locks, only names that are free or taken. So a run puts its claim and then looks for others. Of two
/// that come at the same moment at least one sees the other; whoever sees one withdraws and tries again after a random
/// time. None can overlook a run that is at work: its claim was there before.
public struct ClaimKeeper: Sendable {
    let records: SealedRecords
    let process: RunningProcess
    let timing: ClaimTiming
    let uptime: @Sendable () -> Duration
    let pause: @Sendable (Duration) -> Void

    /// The keeper of a repository's claims.
    ///
    /// - Parameters:
    ///   - records: What seals and opens them.
    ///   - timing: How often they are renewed, and when they are dead.
    public init(records: SealedRecords, timing: ClaimTiming = ClaimTiming()) {
        let begin = ContinuousClock.now
        self.init(
            records: records,
            process: .current(),
            timing: timing,
            uptime: { ContinuousClock.now - begin },
            pause: { Cancellation.sleep(seconds: $0 / .seconds(1)) }
        )
    }

    /// `uptime` is a clock that only goes forward, also while the machine sleeps.
    init(
        records: SealedRecords,
        process: RunningProcess,
        timing: ClaimTiming,
        uptime: @escaping @Sendable () -> Duration,
        pause: @escaping @Sendable (Duration) -> Void
    ) {
        self.records = records
        self.process = process
        self.timing = timing
        self.uptime = uptime
        self.pause = pause
    }

    /// Claims the repository; blocks for the time of some calls of the store.
    ///
    /// The claim's name is the run's name, made from the store's clock. Claims of dead runs are ended, and removed where
    /// that is allowed.
    ///
    /// - Parameters:
    ///   - purpose: What for.
    ///   - command: The command, such as `backup create`.
    /// - Returns: The claim, which gives signs of life by itself until it is released.
    /// - Throws: ``RepositoryError`` of class `locked` naming the run that is at work.
    public func take(_ purpose: ClaimPurpose, command: String) throws -> HeldClaim {
        let board = ClaimBoard(records: records, process: process, timing: timing)
        var rival: ClaimView?
        for attempt in 0..<max(1, timing.attempts) {
            if attempt > 0 { pause(waitingTime(attempt)) }
            // One that was there before this run came is no rival but at work.
            if let working = try board.claims().first(where: { $0.holdsUp(purpose) }) {
                throw RepositoryError.locked(by: working, location: records.store.location)
            }
            let now = try records.store.now()
            let claim = HeldClaim(
                keeper: self,
                run: try BackupID(now: now),
                record: ClaimRecord(purpose: purpose, command: command, process: process, started: now, at: now)
            )
            // Stopped in its middle, nobody would know whether the claim stands.
            try Cancellation.shielded { try claim.begin() }
            do {
                let others = try board.claims(without: claim.run)
                rival = others.first { $0.holdsUp(purpose) }
                if rival == nil {
                    try bury(others, for: claim)
                    claim.startHeartbeat()
                    return claim
                }
            } catch {
                claim.release()
                throw error
            }
            claim.release()
        }
        guard let rival else { preconditionFailure("A claim is tried at least once") }
        throw RepositoryError.locked(by: rival, location: records.store.location)
    }

    /// Ends the claims of dead runs, so that one that wakes up again finds out, and removes what is over.
    private func bury(_ others: [ClaimView], for claim: HeldClaim) throws {
        for other in others {
            switch other.state {
            case .live, .void: continue
            case .released:
                guard remove(other.objects) else { return }
            case .dead:
                let name = try Layout.release(of: other.run)
                try putUnlessThere(ClaimRelease(at: try records.store.now(), foundDeadBy: claim.run), as: name)
                guard remove(other.objects.filter { $0 != name } + [name]) else { return }
            }
        }
    }

    func putUnlessThere(_ release: ClaimRelease, as name: BlobName) throws {
        do { try records.put(release, as: name, kind: .claim) } catch let error as any ExplainedError {
            guard error.failureClass == .refused else { throw error }
        }
    }

    /// Removes objects of claims that are over; `false` when that is not allowed or does not work now, which is no error.
    @discardableResult
    func remove(_ objects: [BlobName]) -> Bool {
        for name in objects {
            do { try records.store.delete(name) } catch {
                guard (error as? any ExplainedError)?.failureClass == .notFound else { return false }
            }
        }
        return true
    }

    private func waitingTime(_ attempt: Int) -> Duration {
        timing.patience * (Double(1 << min(attempt - 1, 4)) * Double.random(in: 0.1...1))
    }
}

extension Layout {
    static func claim(of run: BackupID, number: Int) throws -> BlobName {
        try name("\(ClaimBoard.folder)\(run)/\(number)")
    }

    static func release(of run: BackupID) throws -> BlobName { try name("\(ClaimBoard.folder)\(run)/released") }
}

extension RepositoryError {
    static func locked(by claim: ClaimView, location: String) -> RepositoryError {
        let sign = claim.lastSign.map { " Its last sign of life is of \($0.formatted(.iso8601))." } ?? ""
        return RepositoryError(
            code: "repository.locked",
            summary: "\(claim.owner) is at work in the repository \(location).\(sign)",
            remedy: Remedy(
                "Wait until it has ended. A run that was killed on another machine counts as dead 30 minutes after its"
                    + " last sign of life; then this command works."),
            failureClass: .locked
        )
    }

    static func claimLost(_ run: BackupID, _ reason: String) -> RepositoryError {
        RepositoryError(
            code: "repository.claim-lost",
            summary: "Run \(run) has lost the right to write: \(reason). It stopped before it changed anything more.",
            remedy: Remedy("Start it again; what it has stored already is used then."),
            failureClass: .locked
        )
    }
}
