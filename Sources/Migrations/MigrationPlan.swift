public import Diagnostics
import SQLText

/// What a run would do: files and ledger compared.
///
/// A plan is a value computed from values; ``MigrationRunner`` carries it out.
public struct MigrationPlan: Sendable, Hashable {
    /// Where a migration stands.
    public enum State: String, Sendable, Codable {
        /// Applied, and the file is what ran.
        case applied
        /// Applied; the file differs in layout or comments only.
        case reformatted
        /// Applied, and the file says something else now.
        case edited
        /// Applied, and there is no file.
        case missingFile
        /// To be applied.
        case pending
        /// To be applied, though a later version is applied already.
        case outOfOrder
    }

    /// One migration, applied or not.
    public struct Entry: Sendable, Hashable {
        /// Version and name.
        public let fileName: MigrationFileName
        /// Where it stands.
        public let state: State
    }

    /// One migration to apply.
    public struct Step: Sendable, Hashable {
        /// The migration.
        public let file: MigrationFile
        /// The command that cannot run in a transaction; `nil` when the file is one transaction.
        public let outsideTransaction: String?
        /// Whether a later version is applied already.
        public let isOutOfOrder: Bool
    }

    /// All migrations that have a file or a ledger row, by version.
    public let entries: [Entry]
    /// The migrations to apply, in order.
    public let steps: [Step]
    /// What was found; errors stop a run before it begins.
    public let findings: [Finding]

    /// The findings that stop a run.
    public var obstacles: [Finding] { findings.filter { $0.severity == .error } }

    /// Compares files with the ledger.
    ///
    /// - Parameters:
    ///   - files: The migrations of the folder.
    ///   - ledger: What was applied.
    ///   - includeOutOfOrder: Whether older versions that are new are applied as well.
    ///   - limit: The last version to apply; `nil` for all.
    ///   - folderFindings: What is odd about the folder; the plan repeats it.
    public init(
        files: [MigrationFile],
        ledger: [LedgerEntry],
        includeOutOfOrder: Bool = false,
        upTo limit: String? = nil,
        folderFindings: [Finding] = []
    ) {
        let applied = Dictionary(ledger.map { ($0.version, $0) }) { first, _ in first }
        let newest = ledger.map(\.version).max()
        let pending = files.filter { applied[$0.version] == nil }
        var entries: [Entry] = []
        var steps: [Step] = []
        var findings = folderFindings
        for file in files.sorted(by: { $0.fileName < $1.fileName }) {
            if let entry = applied[file.version] {
                let comparison = entry.comparison(with: file)
                entries.append(Entry(fileName: file.fileName, state: comparison.state))
                findings += Self.findings(file, entry, comparison)
                continue
            }
            let isOutOfOrder = newest.map { file.version < $0 } ?? false
            entries.append(Entry(fileName: file.fileName, state: isOutOfOrder ? .outOfOrder : .pending))
            if let limit, file.version > limit { continue }
            if isOutOfOrder, let newest {
                findings.append(.outOfOrder(file, newest: newest, isAllowed: includeOutOfOrder))
            }
            let content = FileContent(file)
            findings += content.findings
            steps.append(Step(file: file, outsideTransaction: content.outsideTransaction, isOutOfOrder: isOutOfOrder))
        }
        let versions = Set(files.map(\.version))
        for entry in ledger where !versions.contains(entry.version) {
            let name = MigrationFileName(version: entry.version, name: entry.name ?? "")
            entries.append(Entry(fileName: name, state: .missingFile))
            findings.append(.missingFile(entry, twin: pending.first { entry.isTwin(of: $0) }))
        }
        self.entries = entries.sorted { $0.fileName < $1.fileName }
        self.steps = steps
        self.findings = findings
    }

    private static func findings(
        _ file: MigrationFile,
        _ entry: LedgerEntry,
        _ comparison: LedgerEntry.Comparison
    ) -> [Finding] {
        var findings: [Finding] = []
        switch comparison {
        case .same, .unknown: break
        case .reformatted: findings.append(.reformatted(file))
        case .edited: findings.append(.edited(file, entry))
        }
        if let name = entry.name, !name.isEmpty, name != file.fileName.name {
            findings.append(.renamed(file, from: name))
        }
        return findings
    }
}

extension LedgerEntry.Comparison {
    fileprivate var state: MigrationPlan.State {
        switch self {
        case .same, .unknown: .applied
        case .reformatted: .reformatted
        case .edited: .edited
        }
    }
}

extension LedgerEntry {
    /// Whether a pending file is this entry under another version, as the dashboard records it.
    fileprivate func isTwin(of file: MigrationFile) -> Bool {
        guard name == file.fileName.name else { return false }
        return [.same, .reformatted].contains(comparison(with: file))
    }
}
