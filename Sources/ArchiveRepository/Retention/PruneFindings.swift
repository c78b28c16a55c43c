import Diagnostics
import Foundation

extension Finding {
    /// That there is more than one newest backup; `nil` when all orders agree.
    static func ordersDisagree(_ reasons: [BackupID: [RetentionReason]]) -> Finding? {
        let orders: [(RetentionReason, String)] = [
            (.newest, "by the time in its manifest"), (.lastNamed, "by its name"),
            (.lastOfChain, "by what each names as the one before it"), (.lastStored, "by the time of its file"),
        ]
        let newest = orders.flatMap { reason, words in
            reasons.filter { $0.value.contains(reason) }.keys.sorted().map { (reason, "\($0) \(words)") }
        }
        guard newest.count > 1 else { return nil }
        // Copying a repository changes the times of its files, and harms nothing.
        let isHarmless = newest.allSatisfy { [.newest, .lastStored].contains($0.0) }
        return Finding(
            code: "prune.orders-disagree",
            severity: isHarmless ? .note : .warning,
            message: "It is not certain which backup is the newest: \(newest.map(\.1).joined(separator: ", "))."
                + " All of them stay.",
            remedy: Remedy(
                isHarmless
                    ? "Copy a repository with the times of its files (cp -a, rsync -a)."
                    : "Check the clocks of the machines that make backups, and make a new backup.")
        )
    }

    static func fromTheFuture(_ entry: BackupEntry, now: Date) -> Finding {
        let latest = max(entry.time, entry.id.time ?? entry.time)
        return Finding(
            code: "backup.from-the-future",
            severity: .warning,
            subject: entry.id.description,
            message: "Backup \(entry.id) says it is of \(latest.formatted(.iso8601)), and the store's clock says"
                + " \(now.formatted(.iso8601)). It does not count and is not removed.",
            remedy: Remedy("Correct the clock of the machine that made it.")
        )
    }
}

extension RepositoryError {
    static func neverRemoved(_ backup: BackupID, _ reason: String) -> RepositoryError {
        RepositoryError(
            code: "prune.never-removed",
            summary: "Backup \(backup) is the \(reason) one, which is never deleted.",
            remedy: Remedy("Make and verify a newer one first."),
            failureClass: .refused
        )
    }
}
