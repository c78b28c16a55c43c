import ArchiveRepository
import CatalogInspection
import Foundation

/// Decides whether a backup reads everything, or compares with an earlier one, and says why.
struct ReadingBasis: Sendable {
    /// How to compare; `nil`: everything is read.
    let comparison: RangeComparison?
    private let reason: String?
    private let lastReadInFull: Date?
    private let now: Date

    /// Decides.
    ///
    /// - Parameters:
    ///   - previous: The newest backup that the writer key opens.
    ///   - options: What the run was told.
    ///   - server: What the server was right after the snapshot.
    ///   - database: The database's name.
    ///   - now: The moment of the snapshot.
    init(
        previous: PreviousBackup?,
        options: BackupOptions,
        server: ServerDescription,
        database: String,
        now: Date
    ) {
        self.now = now
        lastReadInFull = previous?.lastReadInFull
        if let reason = Self.reasonToReadEverything(previous, options, database: database, now: now) {
            comparison = nil
            self.reason = reason
            return
        }
        guard let previous, let before = previous.server else {
            comparison = nil
            reason = nil
            return
        }
        let isSame = ServerGuard(before: before, now: server).isSame
        comparison = RangeComparison(earlier: previous, byContents: !isSame)
        let reasons = [
            previous.unfinished.map { "Run \($0.run) ended early: what it had read was used." },
            isSame
                ? nil
                : "The server was restarted, crashed or is another one since then: the server compared the contents.",
        ]
        .compactMap(\.self)
        reason = reasons.isEmpty ? nil : reasons.joined(separator: " ")
    }

    /// The summary with how and why.
    func summary(_ summary: ReadingSummary, lostChunks: Int) -> ReadingSummary {
        var summary = summary
        summary.comparison = comparison.map { $0.byContents ? .contents : .identity } ?? .none
        summary.comparedWith = comparison?.earlier.name
        summary.comparedWithUnfinished = comparison?.earlier.unfinished.map { _ in true }
        let lost =
            lostChunks == 0
            ? nil
            : "\(lostChunks) chunks of the last backup are not in the repository as they were stored:"
                + " what they held was read again."
        let reasons = [reason, lost].compactMap(\.self)
        summary.reason = reasons.isEmpty ? nil : reasons.joined(separator: " ")
        summary.lastReadInFull = comparison == nil ? now : lastReadInFull
        return summary
    }

    private static func reasonToReadEverything(
        _ previous: PreviousBackup?,
        _ options: BackupOptions,
        database: String,
        now: Date
    ) -> String? {
        if options.full { return "It was asked for with --full." }
        guard let previous else { return "It is the first backup of its keys." }
        guard previous.index != nil else { return "The index of backup \(previous.name) cannot be read." }
        guard previous.database == database else {
            return "The last backup is of another database, \(previous.database)."
        }
        guard let last = previous.lastReadInFull else {
            return "It is not known when everything was read last."
        }
        guard last.timeIntervalSince(now) < PrunePlan.clockTolerance else {
            return "Everything was read last at \(last.formatted(.iso8601)), which has not come yet: a clock was wrong."
        }
        guard let every = options.fullEvery, Recurrence(every: every).isDue(last: last, now: now) else { return nil }
        return "Everything was read last on \(last.formatted(.iso8601)); it is done again after so long."
    }
}
