import Diagnostics
import Foundation
import PostgresClient
import SQLText

/// A file of SQL that says what has to be true of a restored database.
///
/// Its statements run in order, in one transaction that is read only and rolled back. A statement holds when it raises no
/// error and returns no row, or rows of booleans that are all true. So a query can ask (`select count(*) > 0 from
/// profiles`) or list what is wrong (`select id from trips where ends < starts`), and a `DO` block can `ASSERT`.
public struct DrillAssertion: Sendable {
    /// The file's name.
    public let name: String
    private let statements: [Statement]

    /// How many rows of a query that lists what is wrong are told.
    private static let mostRows = 3

    /// The assertions of a folder, by name.
    ///
    /// - Parameter folder: Every `.sql` file in it is one.
    /// - Returns: The assertions.
    /// - Throws: ``BackupError`` for a folder or file that cannot be read, one that is no SQL, and one without a statement.
    public static func read(_ folder: String) throws -> [DrillAssertion] {
        let names: [String]
        do { names = try FileManager.default.contentsOfDirectory(atPath: folder) } catch {
            throw BackupError(
                code: "drill.no-folder",
                summary: "The folder of assertions \(folder) cannot be read.",
                remedy: Remedy("Name the folder:", command: "wheels-db drill --assertions DIR"),
                failureClass: .notFound)
        }
        return try names.filter { $0.hasSuffix(".sql") && !$0.hasPrefix(".") }.sorted().map { name in
            guard let text = try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8) else {
                throw BackupError(
                    code: "drill.unreadable", summary: "The assertion \(folder)/\(name) cannot be read as UTF-8 text.",
                    failureClass: .notFound)
            }
            return try DrillAssertion(name: name, text: text)
        }
    }

    /// An assertion from its text.
    ///
    /// - Parameters:
    ///   - name: The file's name.
    ///   - text: Its SQL.
    /// - Throws: ``BackupError`` when it is no SQL, or holds no statement: an assertion of nothing must not pass.
    public init(name: String, text: String) throws {
        self.name = name
        do { statements = try StatementSplitter.split(text) } catch {
            throw BackupError(
                code: "drill.syntax", summary: "The assertion \(name) is no SQL: \(error.message).",
                failureClass: .usage)
        }
        guard !statements.isEmpty else {
            throw BackupError(
                code: "drill.empty", summary: "The assertion \(name) holds no statement.",
                remedy: Remedy("Write a query that returns true, or no row, when all is well."), failureClass: .usage)
        }
    }

    /// Asks.
    ///
    /// - Parameter session: A session in the restored database.
    /// - Returns: What is wrong; `nil` when it holds.
    /// - Throws: `PostgresError` when the connection is lost, or the task cancelled.
    func problem(on session: Session) async throws -> Finding? {
        try await session.executeScript("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        var problem: Finding?
        for statement in statements {
            do { problem = finding(try await session.query(Query(unsafeSQL: statement.text)), statement) } catch let
                error
            {
                guard !error.endsSession, error.kind != .cancelled else { throw error }
                problem = finding("\(error.summary)", statement)
            }
            if problem != nil { break }
        }
        try await session.executeScript("ROLLBACK")
        return problem
    }

    private func finding(_ rows: [Row], _ statement: Statement) -> Finding? {
        guard let first = rows.first else { return nil }
        if first.isBooleanOnly {
            let names = first.columnNames
            for row in rows {
                if let place = names.indices.first(where: { row[$0] != "t" }) {
                    return finding("\(names[place]) is \(row[place] == nil ? "NULL" : "false").", statement)
                }
            }
            return nil
        }
        let shown = rows.prefix(Self.mostRows).map { row in
            row.columnNames.indices.map { "\(row.columnNames[$0])=\(row[$0] ?? "NULL")" }.joined(separator: " ")
        }
        let more = rows.count > shown.count ? " and \(rows.count - shown.count) more" : ""
        return finding("\(rows.count) rows are wrong: \(shown.joined(separator: "; "))\(more).", statement)
    }

    private func finding(_ message: String, _ statement: Statement) -> Finding {
        let begin = statement.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let text = begin.count > 80 ? begin.prefix(79) + "…" : begin[...]
        return Finding(
            code: "drill.assertion",
            severity: .error,
            subject: name,
            message: "\(name): \(message) (\(text))",
            remedy: Remedy("Look whether the backed up database is like that too; if not, do not count on this backup.")
        )
    }
}
