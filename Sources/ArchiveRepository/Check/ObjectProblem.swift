public import Diagnostics

/// An object that a backup needs and that is not as it should be.
public struct ObjectProblem: Sendable, Hashable, Codable {
    /// What is wrong with it.
    public enum Kind: String, Sendable, Hashable, Codable {
        /// It is not in the store.
        case missing
        /// Its bytes are not those that were stored.
        case damaged
        /// No key at hand opens it.
        case unreadable
    }

    /// What is wrong.
    public let kind: Kind
    /// The object.
    public let object: BlobName
    /// What was found, as a sentence.
    public let reason: String
    /// The backups that need it, oldest first.
    public let backups: [BackupID]
    /// The tables, or other parts, that are in it.
    public let tables: [String]

    /// The problem as a finding.
    public var finding: Finding {
        Finding(
            code: "repository.\(kind.rawValue)",
            severity: kind == .unreadable ? .warning : .error,
            subject: object.description,
            message: reason + touched,
            remedy: kind == .unreadable
                ? Remedy("Give the identity, which opens every key of the repository: --identity FILE.")
                : Remedy(
                    "Backups it touches cannot be restored whole. Make a full one now:",
                    command: "wheels-db backup create --full")
        )
    }

    private var touched: String {
        guard let first = backups.first, let last = backups.last else { return "" }
        let which = backups.count == 1 ? "backup \(first)" : "\(backups.count) backups, \(first) to \(last)"
        return " It touches \(which)\(tables.isEmpty ? "" : ": \(Self.listed(tables))")."
    }

    /// The first names of a list that may be long.
    static func listed(_ names: [String], limit: Int = 8) -> String {
        let shown = names.prefix(limit).joined(separator: ", ")
        return names.count > limit ? "\(shown) and \(names.count - limit) more" : shown
    }
}
