public import Diagnostics
import FoundationEssentials

/// The file `policies/matrix.md`: a matrix as a table of Markdown, one line for each relation and role.
public enum MatrixFile: Sendable {
    /// Reads a file.
    ///
    /// - Parameter path: The file.
    /// - Returns: The matrix.
    /// - Throws: ``MatrixFileError`` when it cannot be read, or a line of it is none of a matrix.
    public static func read(_ path: String) throws(MatrixFileError) -> AccessMatrix {
        guard let data = FileManager.default.contents(atPath: path) else { throw MatrixFileError.missing(path) }
        return try parse(String(decoding: data, as: UTF8.self), path: path)
    }

    /// Reads the text of a file.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - path: What errors call it.
    /// - Returns: The matrix.
    /// - Throws: ``MatrixFileError``.
    public static func parse(_ text: String, path: String) throws(MatrixFileError) -> AccessMatrix {
        var cells: [AccessMatrix.Place: AccessMatrix.Cell] = [:]
        var columns: [AccessMatrix.Place: [String]] = [:]
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.hasPrefix("| "), !line.hasPrefix("| relation |") {
                guard let row = row(of: line) else { throw MatrixFileError.badLine(path, index + 1, String(line)) }
                cells.merge(row) { $1 }
            } else if line.hasPrefix("- ") {
                guard let (place, list) = limit(of: line) else {
                    throw MatrixFileError.badLine(path, index + 1, String(line))
                }
                columns[place] = list
            }
        }
        guard !cells.isEmpty else { throw MatrixFileError.empty(path) }
        let whole = cells.map { place, cell in
            (
                place,
                cell.columns == nil
                    ? cell : AccessMatrix.Cell(cell.verdict, columns: columns[place] ?? [], lacks: cell.lacks)
            )
        }
        return AccessMatrix(cells: Dictionary(whole) { first, _ in first })
    }

    /// One line of the table.
    private static func row(of line: Substring) -> [AccessMatrix.Place: AccessMatrix.Cell]? {
        let fields = line.replacing("\\|", with: "\u{1}").split(separator: "|").map { field in
            String(field.trimmingPrefix(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
                .replacing("\u{1}", with: "|")
        }
        guard fields.count == 2 + AccessCommand.allCases.count else { return nil }
        var row: [AccessMatrix.Place: AccessMatrix.Cell] = [:]
        for (command, text) in zip(AccessCommand.allCases, fields.dropFirst(2)) {
            guard let cell = cell(of: text) else { return nil }
            row[AccessMatrix.Place(relation: fields[0], role: fields[1], command: command)] = cell
        }
        return row
    }

    private static func cell(of text: String) -> AccessMatrix.Cell? {
        let parts = text.split(separator: " ", maxSplits: 1)
        guard let word = parts.first else { return nil }
        let isLimited = word.hasSuffix("*")
        guard let verdict = AccessMatrix.Verdict(text: String(isLimited ? word.dropLast() : word)) else { return nil }
        var lacks: [String] = []
        if parts.count == 2 {
            guard parts[1].hasPrefix("(no "), parts[1].hasSuffix(")") else { return nil }
            lacks = parts[1].dropFirst(4).dropLast().split(separator: ",").map { String($0.trimmingPrefix(" ")) }
        }
        return AccessMatrix.Cell(verdict, columns: isLimited ? [] : nil, lacks: lacks)
    }

    /// `- public.profiles authenticated UPDATE: full_name, nickname`.
    private static func limit(of line: Substring) -> (AccessMatrix.Place, [String])? {
        guard let colon = line.firstRange(of: ": ") else { return nil }
        let words = line[..<colon.lowerBound].dropFirst(2).split(separator: " ").map(String.init)
        guard words.count == 3, let command = AccessCommand(rawValue: words[2]) else { return nil }
        let place = AccessMatrix.Place(relation: words[0], role: words[1], command: command)
        return (place, line[colon.upperBound...].split(separator: ",").map { String($0.trimmingPrefix(" ")) })
    }
}

extension AccessMatrix {
    /// The text of `policies/matrix.md`: the same for the same cells.
    public var markdown: String {
        var text = """
            # Access matrix

            Who may do what, read from grants, policies and plans of the migrated database. `wheels-db policy matrix --write`
            makes this file, `--check` compares it with a database. OPEN is every row, OWN the caller's own rows, COND some
            other condition; DENY(grant) is refused, DENY(rls) finds no row, ERROR(…) always fails, `-` does not exist. A star
            means some columns only: they are listed at the end.

            | relation | role | \(AccessCommand.allCases.map(\.rawValue).joined(separator: " | ")) |
            |---|---|\(AccessCommand.allCases.map { _ in "---|" }.joined())

            """
        for (relation, role) in rows {
            let row = AccessCommand.allCases.map { self[relation, role, $0]?.text ?? "-" }
            text += "| \(relation.replacing("|", with: "\\|")) | \(role) | \(row.joined(separator: " | ")) |\n"
        }
        let limited = cells.filter { $0.value.columns != nil }.sorted { $0.key < $1.key }
        guard !limited.isEmpty else { return text }
        text += "\n## Columns\n\n"
        for (place, cell) in limited { text += "- \(place): \((cell.columns ?? []).joined(separator: ", "))\n" }
        return text
    }
}

/// Why a file cannot be used as a matrix.
public struct MatrixFileError: ExplainedError {
    /// The stable name for scripts.
    public let code: String
    /// What is wrong, and where.
    public let summary: String
    /// What to do.
    public let remedy: Remedy?
    /// The kind of failure.
    public let failureClass: FailureClass
    /// The place in the file.
    public let span: SourceSpan?

    static func missing(_ path: String) -> MatrixFileError {
        MatrixFileError(
            code: "matrix.no-file", summary: "The matrix \"\(path)\" does not exist or cannot be read.",
            remedy: Remedy(
                "Write it from a database that is as it should be:", command: "wheels-db policy matrix --write"),
            failureClass: .notFound, span: nil)
    }

    static func empty(_ path: String) -> MatrixFileError {
        MatrixFileError(
            code: "matrix.empty", summary: "\"\(path)\" holds no cells.",
            remedy: Remedy("Write it anew:", command: "wheels-db policy matrix --write"), failureClass: .failure,
            span: nil)
    }

    static func badLine(_ path: String, _ line: Int, _ text: String) -> MatrixFileError {
        MatrixFileError(
            code: "matrix.bad-line", summary: "Line \(line) of \"\(path)\" is no line of a matrix.",
            remedy: Remedy("Take the committed version, or write it anew:", command: "wheels-db policy matrix --write"),
            failureClass: .failure, span: SourceSpan(file: path, line: line, column: 1, lineText: text))
    }
}
