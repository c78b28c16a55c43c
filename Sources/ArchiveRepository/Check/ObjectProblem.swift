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
        /// A newer program wrote it.
        case newer

        /// What an error says of an object; `nil` when it is about something else.
        ///
        /// - Parameter error: Why the object cannot be read.
        public init?(_ error: any ExplainedError) {
            switch error.failureClass {
            case .notFound: self = .missing
            case .corrupt: self = error.code == RepositoryError.missingCode ? .missing : .damaged
            case .wrongKey: self = .unreadable
            case .unsupportedVersion: self = .newer
            default: return nil
            }
        }

        fileprivate var failureClass: FailureClass {
            switch self {
            case .missing, .damaged: .corrupt
            case .unreadable: .wrongKey
            case .newer: .unsupportedVersion
            }
        }
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

    /// An object that is not as it should be.
    ///
    /// - Parameters:
    ///   - kind: What is wrong.
    ///   - object: The object.
    ///   - reason: What was found, as a sentence.
    ///   - backups: The backups that need it.
    ///   - tables: The tables, or other parts, that are in it.
    public init(kind: Kind, object: BlobName, reason: String, backups: [BackupID], tables: [String]) {
        self.kind = kind
        self.object = object
        self.reason = reason
        self.backups = backups.sorted()
        self.tables = tables
    }

    /// The same problem, with another backup that needs the object.
    ///
    /// - Parameters:
    ///   - backup: The backup.
    ///   - more: What it has in the object.
    /// - Returns: The problem.
    public func touching(_ backup: BackupID, tables more: Set<String>) -> ObjectProblem {
        ObjectProblem(
            kind: kind, object: object, reason: reason, backups: Set(backups + [backup]).sorted(),
            tables: more.union(tables).sorted())
    }

    /// How a run ends that found some problems: damage before anything else.
    ///
    /// - Parameter problems: What was found.
    /// - Returns: The kind of failure; `nil` when nothing was found.
    public static func failureClass(of problems: [ObjectProblem]) -> FailureClass? {
        let found = Set(problems.map(\.kind.failureClass))
        return [FailureClass.corrupt, .unsupportedVersion, .wrongKey].first { found.contains($0) }
    }

    /// The problem as a finding.
    public var finding: Finding {
        Finding(
            code: "repository.\(kind.rawValue)",
            severity: kind == .unreadable ? .warning : .error,
            subject: object.description,
            message: reason + touched,
            remedy: remedy
        )
    }

    private var remedy: Remedy? {
        switch kind {
        case .unreadable: Remedy("Give the identity, which opens every key of the repository: --identity FILE.")
        case .newer: Remedy("Use the version of wheels-db that wrote it, or a newer one.")
        case .missing, .damaged: HolderFileDamage.remedy(for: object) ?? MarkerDamage.remedy(for: object) ?? fullBackup
        }
    }

    private var fullBackup: Remedy {
        switch ObjectRole(object) {
        case .index:
            Remedy(
                "A restore does not need it. The next backup reads more, and stores a new one:",
                command: "wheels-db backup create")
        case .egress:
            Remedy(
                "No backup needs it: what one run received is missing from the sum of its month. Find out who can write"
                    + " to the store.")
        case .drill:
            Remedy("No backup needs it: it tells of a drill. Find out who can write to the store.")
        case .unfinished:
            Remedy("No backup needs it: the next run reads again what an unfinished one had read.")
        default:
            Remedy(
                "Backups it touches cannot be restored whole. Make a full one now:",
                command: "wheels-db backup create --full")
        }
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
