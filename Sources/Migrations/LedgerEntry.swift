import SQLText

/// One row of the ledger: a migration that was applied.
public struct LedgerEntry: Sendable, Hashable {
    /// The version.
    public let version: String
    /// The name; older tools leave it out.
    public let name: String?
    /// The statements that ran; older tools leave them out.
    public let statements: [String]?

    /// An entry by its parts.
    ///
    /// - Parameters:
    ///   - version: The version.
    ///   - name: The name.
    ///   - statements: The statements that ran.
    public init(version: String, name: String?, statements: [String]?) {
        self.version = version
        self.name = name
        self.statements = statements
    }

    /// How a file's statements compare with what ran.
    enum Comparison: Equatable {
        case same
        /// White space, comments or the letter case of key words differ.
        case reformatted
        case edited
        /// The ledger holds no statements.
        case unknown
    }

    /// Compares the file with what ran: by text first, then by what the statements do.
    func comparison(with file: MigrationFile) -> Comparison {
        guard let statements else { return .unknown }
        if Self.normalized(statements) == Self.normalized(file.ledgerStatements) { return .same }
        if statements.isEmpty { return .unknown }
        let own = try? SQLMeaning(of: statements.joined(separator: "\n;\n"))
        let theirs = try? SQLMeaning(of: file.up.map(\.text).joined(separator: "\n;\n"))
        guard let own, let theirs else { return .edited }
        return own == theirs ? .reformatted : .edited
    }

    /// The first of the file's statements that does something else than what ran in its place.
    ///
    /// Layout and comments make no difference here, where both parse.
    func firstDifference(from file: MigrationFile) -> Int {
        let ran = (statements ?? []).filter { statement in
            let mayBeComment = statement.hasPrefix("--") || statement.hasPrefix("/*")
            return !mayBeComment || (try? StatementSplitter.split(statement).isEmpty) != true
        }
        for (index, (old, now)) in zip(ran, file.up).enumerated() {
            if Self.normalized([old]) == Self.normalized([now.textWithComments]) { continue }
            guard let own = try? SQLMeaning(of: old), own == (try? SQLMeaning(of: now.text)) else { return index }
        }
        return min(ran.count, file.up.count)
    }

    /// Line ends as LF, so that a checkout on another system is no edit.
    private static func normalized(_ statements: [String]) -> [[UInt8]] {
        statements.map { statement in
            let bytes = Array(statement.utf8)
            guard bytes.contains(13) else { return bytes }
            return bytes.indices.filter { bytes[$0] != 13 || $0 + 1 == bytes.count || bytes[$0 + 1] != 10 }.map {
                bytes[$0]
            }
        }
    }
}
