import ArgumentParser
import Diagnostics
import FoundationEssentials
import Policies
import PostgresClient

extension Policy {
    /// Shows who may do what.
    struct Matrix: WheelsCommand {
        static let configuration = CommandConfiguration(
            commandName: "matrix",
            abstract: "Show who may do what: relation by role by command, from grants, policies and plans.",
            discussion: HelpText.discussion(
                """
                Nothing is executed and nothing written in the database: statements are only planned, in a read-only \
                transaction. OPEN is every row, OWN the caller's own, COND some other condition, DENY(grant) refused, \
                DENY(rls) no row, ERROR(…) fails always. --check compares with the committed file and marks what is wider.
                """,
                examples: "wheels-db policy matrix --env production", "wheels-db policy matrix --write",
                "wheels-db policy matrix --check"
            )
        )
        static let words = "policy matrix"

        @Option(help: ArgumentHelp("The folder of matrix.md.", valueName: "dir"))
        var policies = "policies"

        @Flag(help: "Write the matrix to matrix.md.") var write = false

        @Flag(help: "Compare with matrix.md; ends with 2 when a cell differs or is ERROR.") var check = false

        @OptionGroup var global: GlobalOptions

        func validate() throws {
            if write, check { throw ValidationError("--write and --check exclude each other.") }
        }

        func run(in context: CommandContext) async throws {
            let schemas = try context.configuration()?.apiSchemas ?? Configuration(file: "").apiSchemas
            let path = context.environment.absolutePath("\(policies)/matrix.md")
            let committed = check ? try MatrixFile.read(path) : nil
            let target = try context.target(for: .reads, localServer: context.localSettings)
            let session = try await Session.connect(
                to: context.settings(of: target), applicationName: "wheels-db/policy matrix", retry: context.retry)
            let matrix: AccessMatrix
            do { matrix = try await AccessMatrix.read(in: session, apiSchemas: schemas) } catch {
                await session.close()
                throw error
            }
            await session.close()
            for place in matrix.errors {
                context.report.warning("\(place) always fails: \(matrix.messages[place] ?? "no message")")
            }
            if let committed { return try compare(committed, with: matrix, path, context) }
            if write { return try store(matrix, path, context) }
            try context.report.result(MatrixDocument(matrix), text: Self.table(matrix))
        }

        private func compare(
            _ committed: AccessMatrix,
            with live: AccessMatrix,
            _ path: String,
            _ context: CommandContext
        ) throws {
            let differences = committed.differences(to: live)
            let document = MatrixDocument(live, differences: differences)
            let lines = differences.map { "\($0.isWidening ? "WIDER " : "      ") \($0)" }
            let wider = differences.count(where: \.isWidening)
            let cells = differences.count == 1 ? "1 cell differs" : "\(differences.count) cells differ"
            let text =
                differences.isEmpty
                ? "The database allows what \(path) says: \(live.cells.count) cells."
                : lines.joined(separator: "\n") + "\n\(cells) from \(path), \(wider) wider."
                    + " If that is meant: wheels-db policy matrix --write"
            try context.report.result(document, text: text)
            if !differences.isEmpty || !live.errors.isEmpty { throw ExitCode(ExitStatus.findings.rawValue) }
        }

        private func store(_ matrix: AccessMatrix, _ path: String, _ context: CommandContext) throws {
            guard (try? Data(matrix.markdown.utf8).write(to: URL(filePath: path), options: .atomic)) != nil else {
                throw CommandError(
                    "matrix.not-written", "The matrix could not be written to \"\(path)\".",
                    remedy: Remedy("Name a folder that is there and can be written, with --policies."),
                    failureClass: .failure)
            }
            try context.report.result(MatrixDocument(matrix), text: "\(path): \(matrix.cells.count) cells.")
        }

        /// The matrix as a table for a terminal.
        static func table(_ matrix: AccessMatrix) -> String {
            var table = TextTable(
                .text("relation"), .text("role"), .text("select"), .text("insert"), .text("update"), .text("delete"),
                .text("truncate"))
            for (relation, role) in matrix.rows {
                let cells = AccessCommand.allCases.map { matrix[relation, role, $0]?.text ?? "-" }
                table.add(relation, role, cells[0], cells[1], cells[2], cells[3], cells[4])
            }
            let limited = matrix.cells.filter { $0.value.columns != nil }.sorted { $0.key < $1.key }
            let columns = limited.map { "\($0.key): \(($0.value.columns ?? []).joined(separator: ", "))\n" }
            return table.text + (columns.isEmpty ? "" : "\nColumns (*)\n" + columns.joined())
        }
    }
}

/// What `policy matrix --json` prints.
struct MatrixDocument: Encodable {
    struct Cell: Encodable {
        let relation: String
        let role: String
        let command: String
        let verdict: String
        let columns: [String]?
        let lacks: [String]
        let message: String?
    }

    struct Difference: Encodable {
        let relation: String
        let role: String
        let command: String
        let before: String?
        let after: String?
        let wider: Bool
    }

    let cells: [Cell]
    let differences: [Difference]?

    init(_ matrix: AccessMatrix, differences: [MatrixDifference]? = nil) {
        cells = matrix.cells.sorted { $0.key < $1.key }.map { place, cell in
            Cell(
                relation: place.relation, role: place.role, command: place.command.rawValue, verdict: cell.verdict.text,
                columns: cell.columns, lacks: cell.lacks, message: matrix.messages[place])
        }
        self.differences = differences?.map {
            Difference(
                relation: $0.place.relation, role: $0.place.role, command: $0.place.command.rawValue,
                before: $0.before?.text, after: $0.after?.text, wider: $0.isWidening)
        }
    }
}
