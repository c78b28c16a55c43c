import Diagnostics
import Foundation

/// The objects of a repository by name, as its store lists them.
struct RepositoryContents: Sendable {
    private let entries: [BlobEntry]
    let sizes: [BlobName: Int]

    init(_ entries: [BlobEntry]) {
        self.entries = entries
        sizes = Dictionary(entries.map { ($0.name, $0.size) }) { first, _ in first }
    }

    /// Objects whose names no program of this format gives, and marks of keys that no key vouches for.
    func foreignFindings(_ records: SealedRecords) throws -> [Finding] {
        let strangers = try records.store.strangers().map { stranger in
            Finding(
                code: "repository.foreign",
                severity: .warning,
                subject: stranger.name.description,
                message: "\(stranger.name) is \(stranger.what), and no object. It stands in the way of one of that"
                    + " name.",
                remedy: Remedy("Take it away:", command: stranger.removal)
            )
        }
        let foreign = entries.filter { ObjectRole($0.name) == .foreign }
        guard let first = foreign.first else { return strangers }
        let bytes = foreign.reduce(0) { $0 + $1.size }
        let names = ObjectProblem.listed(foreign.map(\.name.description))
        return strangers + [
            Finding(
                code: "repository.foreign",
                severity: .warning,
                subject: first.name.description,
                message: "\(foreign.count == 1 ? "One object is" : "\(foreign.count) objects are") none of a wheels-db"
                    + " repository (\(bytes) bytes): \(names).",
                remedy: Remedy("Find out who put them there. A repository is best alone in its place.")
            )
        ]
    }

    /// Objects that no backup needs.
    ///
    /// - Parameters:
    ///   - needed: What the backups need.
    ///   - isComplete: Every manifest could be read.
    ///   - now: The store's time.
    ///   - report: Gets the numbers.
    /// - Returns: What to say about them.
    func orphanFindings(
        _ needed: NeededObjects,
        isComplete: Bool,
        now: Date,
        _ report: inout CheckReport
    ) -> [Finding] {
        guard isComplete else {
            return [
                Finding(
                    code: "repository.orphans-unknown",
                    severity: .note,
                    message: "What no backup needs cannot be told, because a manifest cannot be read."
                )
            ]
        }
        let orphans = entries.filter { entry in
            switch ObjectRole(entry.name) {
            case .chunk, .schema, .index: needed.objects[entry.name] == nil
            default: false
            }
        }
        let bytes = orphans.reduce(0) { $0 + $1.size }
        report.orphans = CheckReport.Orphans(objects: orphans.count, bytes: bytes)
        guard let first = orphans.first else { return [] }
        let oldest = orphans.compactMap(\.modified).min().map {
            ", the oldest since \(Int(max(0, now.timeIntervalSince($0)) / 3_600)) hours"
        }
        return [
            Finding(
                code: "repository.orphaned",
                severity: .note,
                subject: first.name.description,
                message: "\(orphans.count == 1 ? "One object is" : "\(orphans.count) objects are") needed by no backup"
                    + " (\(bytes) bytes\(oldest ?? "")). A run that ended early or is at work has put them there.",
                remedy: Remedy("Nothing has to be done: a prune removes them after the grace time.")
            )
        ]
    }
}
