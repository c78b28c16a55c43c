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
        lastReadInFull = previous?.manifest.reading?.lastReadInFull
        if let reason = Self.reasonToReadEverything(previous, options, database: database, now: now) {
            comparison = nil
            self.reason = reason
            return
        }
        guard let previous else {
            comparison = nil
            reason = nil
            return
        }
        let isSame = ServerGuard(before: previous.manifest.surroundings.server, now: server).isSame
        comparison = RangeComparison(earlier: previous, byContents: !isSame)
        reason =
            isSame
            ? nil : "The server was restarted, crashed or is another one since then: the server compared the contents."
    }

    /// The summary with how and why.
    func summary(_ summary: ReadingSummary, lostChunks: Int) -> ReadingSummary {
        var summary = summary
        summary.comparison = comparison.map { $0.byContents ? .contents : .identity } ?? .none
        summary.comparedWith = comparison?.earlier.backup
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
        guard previous.index != nil else { return "The index of backup \(previous.backup) cannot be read." }
        guard previous.manifest.source.name == database else {
            return "The last backup is of another database, \(previous.manifest.source.name)."
        }
        guard let last = previous.manifest.reading?.lastReadInFull else {
            return "It is not known when everything was read last."
        }
        guard last.timeIntervalSince(now) < PrunePlan.clockTolerance else {
            return "Everything was read last at \(last.formatted(.iso8601)), which has not come yet: a clock was wrong."
        }
        guard let every = options.fullEvery, Recurrence(every: every).isDue(last: last, now: now) else { return nil }
        return "Everything was read last on \(last.formatted(.iso8601)); it is done again after so long."
    }
}
