import ArchiveRepository
import CatalogInspection
public import Diagnostics
public import Foundation

/// Whether each database of a repository has a backup that is young enough.
///
/// A cron job that does not run sends no mail: somebody has to look for what is missing.
public struct BackupFreshness: Sendable {
    /// A database and its newest backup.
    public struct Source: Sendable, Hashable, Codable {
        /// The project's ref, where the connection named one, and the database.
        public let name: String
        /// The newest backup that is not from the future.
        public let backup: String?
        /// The moment that it restores.
        public let snapshotAt: Date?
        /// How old that is, in seconds.
        public let age: Double?
        /// Whether it is young enough.
        public let isFresh: Bool
    }

    /// The databases by name.
    public let sources: [Source]
    /// What is wrong with those that have no fresh backup.
    public let findings: [Finding]
    /// Whether there is a database, and each has a fresh backup.
    public var isFresh: Bool { !sources.isEmpty && sources.allSatisfy(\.isFresh) }

    /// Looks at the backups of a repository.
    ///
    /// - Parameters:
    ///   - manifests: Those that are not deleted.
    ///   - maxAge: How old the newest of each database may be, in seconds.
    ///   - now: The store's time.
    ///   - source: Look at this database alone, a ref or a name as ``Source/name`` has it; `nil` for all.
    public init(_ manifests: [BackupManifest], maxAge: Double, now: Date, source: String? = nil) {
        let all = Dictionary(grouping: manifests) { $0.sourceName }
        let chosen = all.filter { name, _ in source.map { BackupManifest.isSource(name, meantBy: $0) } ?? true }
        sources = chosen.sorted { $0.key < $1.key }.map { name, manifests in
            let past = manifests.filter { $0.snapshotAt.timeIntervalSince(now) < PrunePlan.clockTolerance }
            let newest = past.max { $0.snapshotAt < $1.snapshotAt }
            let age = newest.map { max(0, now.timeIntervalSince($0.snapshotAt)) }
            return Source(
                name: name, backup: newest?.backup, snapshotAt: newest?.snapshotAt, age: age,
                isFresh: age.map { $0 <= maxAge } ?? false)
        }
        guard !sources.isEmpty else {
            findings = [
                Finding(
                    code: "backup.none",
                    severity: .error,
                    subject: source,
                    message: "There is no backup\(source.map { " of \($0)" } ?? "").",
                    remedy: Remedy("Make one:", command: "wheels-db backup create"))
            ]
            return
        }
        findings = sources.filter { !$0.isFresh }.map { source in
            Finding(
                code: "backup.stale",
                severity: .error,
                subject: source.name,
                message: source.backup.map { "The newest backup of \(source.name), \($0), is too old." }
                    ?? "All backups of \(source.name) are from the future: a clock was wrong.",
                remedy: Remedy(
                    "Look why the nightly run did not come to its end, then make one:",
                    command: "wheels-db backup create")
            )
        }
    }
}
