import Diagnostics
import Foundation

extension RepositoryCheck {
    /// Backups that are gone although nobody deleted them: each manifest names the one before it.
    func chainFindings(
        _ backups: [PruneState.Backup],
        _ marks: MarkBoard.Reading,
        _ report: inout CheckReport
    ) -> [Finding] {
        let there = Set(backups.map(\.id))
        var findings: [Finding] = []
        for entry in backups.compactMap(\.entry) {
            guard let before = entry.predecessor, !there.contains(before), !marks.isDeleted(before) else { continue }
            report.isBroken = true
            findings.append(
                Finding(
                    code: "repository.gap",
                    severity: .error,
                    subject: before.description,
                    message:
                        "Backup \(before) is gone, and no prune removed it: \(entry.id) was made after it, and there"
                        + " is no mark of its deletion.",
                    remedy: Remedy("Find out who can delete in the store; the backups that are there are not touched.")
                ))
        }
        return findings
    }

    func timeFindings(_ entries: [BackupEntry], now: Date) -> [Finding] {
        entries.filter { $0.time.timeIntervalSince(now) > PrunePlan.clockTolerance }
            .map { .fromTheFuture($0, now: now) }
    }
}

extension ClaimView {
    /// What a check says of a claim; a live one and a dead one are nothing to worry about.
    var finding: Finding? {
        switch state {
        case .released: nil
        case .live:
            Finding(
                code: "repository.claimed",
                severity: .note,
                subject: run.description,
                message: "\(owner) is at work."
            )
        case .dead(let reason):
            Finding(
                code: "repository.dead-claim",
                severity: .note,
                subject: run.description,
                message: "\(owner) is dead: \(reason).",
                remedy: Remedy("Nothing has to be done: the next backup or prune clears it away.")
            )
        case .void(let reason):
            Finding(
                code: "repository.forged-claim",
                severity: .warning,
                subject: "claims/\(run)",
                message: "The claim of \(run) was made by no key of this repository and holds nobody up: \(reason)",
                remedy: Remedy("Find out who can write to the store.")
            )
        }
    }
}
