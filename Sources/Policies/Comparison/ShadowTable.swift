import Diagnostics
import PostgresClient
import PostgresTypes
import SQLText

/// A table like the real one, in which the policies of a file say to the server what they mean.
///
/// A temporary table of the same name and columns: conditions that name the table find it, and the server writes them as
/// it writes those of the real table. The transaction that makes it is always rolled back, and the real table is not
/// touched.
struct ShadowTable: Sendable {
    let file: PolicyFile
    let columns: [LiveRelation.Column]

    private var sqlName: String { "pg_temp.\(SQLQuoting.identifier(file.relation.name))" }

    /// The policies of the file as the server understands them.
    ///
    /// - Throws: ``UnusableFile`` for a policy that the server does not accept; `PostgresError`.
    func meaning(in session: Session) async throws -> [PolicyDefinition] {
        guard !file.policies.isEmpty else { return [] }
        let list = columns.map { "\(SQLQuoting.identifier($0.name)) \($0.definition)" }.joined(separator: ", ")
        try await session.executeScript("create temporary table \(sqlName) (\(list))")
        for policy in file.policies {
            let statement = Rewritten(policy, table: sqlName)
            do { try await session.executeScript(statement.text) } catch {
                guard error.isAboutTheStatement else { throw error }
                throw UnusableFile(finding: finding(policy, statement, error))
            }
        }
        let oids = try await session.query("select \(literal: sqlName)::pg_catalog.regclass::pg_catalog.oid as oid")
        guard let row = oids.first else { return [] }
        var found = try await LiveRelation.policies(try row.value("oid"), session)
        for place in found.indices {
            found[place].comment = file.policies.first { $0.name == found[place].name }?.comment
        }
        return found
    }

    private func finding(_ policy: DeclaredPolicy, _ statement: Rewritten, _ error: PostgresError) -> Finding {
        let offset = error.position.map { statement.originalOffset(ofCharacter: $0) } ?? 0
        var message = "The policy \"\(policy.name)\" cannot be made: \(error.summary)"
        if error.sqlState == .undefinedTable || error.sqlState == "42883" {
            message += " Names are looked up with their schemas only."
        }
        return Finding(
            code: "policy.invalid", severity: .error, subject: "\(file.relation)", message: message,
            span: file.span(utf8Offset: policy.utf8Offset + offset),
            remedy: Remedy("Correct the policy, or apply the migration that makes what it names."))
    }
}

/// A file that does not fit the database.
struct UnusableFile: Error {
    let finding: Finding
}

/// A `CREATE POLICY` for another table, with the way back to the places of the original.
private struct Rewritten {
    let text: String
    private let edits: [(range: Range<Int>, count: Int)]

    init(_ policy: DeclaredPolicy, table: String) {
        let replacement = Array(table.utf8)
        let bytes = Array(policy.text.utf8)
        var edits = policy.statement.schemaPrefixes.map { (range: $0, new: [UInt8]()) }
        if let range = policy.statement.relation.utf8Range { edits.append((range, replacement)) }
        edits.sort { $0.range.lowerBound < $1.range.lowerBound }
        var result: [UInt8] = []
        var place = 0
        for edit in edits {
            result += bytes[place..<edit.range.lowerBound] + edit.new
            place = edit.range.upperBound
        }
        text = String(decoding: result + bytes[place...], as: UTF8.self)
        self.edits = edits.map { ($0.range, $0.new.count) }
    }

    /// Bytes before the same place in the original, of a character of ``text`` that is counted from 1.
    func originalOffset(ofCharacter position: Int) -> Int {
        let scalars = text.unicodeScalars.prefix(max(position - 1, 0))
        var offset = scalars.reduce(0) { $0 + UTF8.width($1) }
        for edit in edits where offset > edit.range.lowerBound { offset += edit.range.count - edit.count }
        return max(offset, 0)
    }
}

extension PostgresError {
    /// Whether the statement itself is wrong, and not the moment or the connection.
    fileprivate var isAboutTheStatement: Bool {
        guard kind == .server, let state = sqlState else { return false }
        return ["0A", "22", "2B", "42", "54"].contains(state.errorClass)
    }
}
