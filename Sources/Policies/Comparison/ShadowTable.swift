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
            try await session.executeScript("savepoint policy")
            do { try await session.executeScript(statement.text) } catch {
                guard error.isAboutTheStatement else { throw error }
                throw UnusableFile(finding: finding(policy, error, at: try await place(in: policy, session)))
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

    /// Where the conditions of a policy are wrong, in bytes of its statement.
    ///
    /// `CREATE POLICY` does not tell; a query with the same condition does, and `EXPLAIN` runs nothing.
    private func place(in policy: DeclaredPolicy, _ session: Session) async throws -> Int {
        for range in [policy.statement.usingRange, policy.statement.checkRange].compactMap(\.self) {
            try await session.executeScript("rollback to savepoint policy")
            let query = Rewritten(policy, condition: range, table: sqlName)
            do { try await session.executeScript(query.text) } catch {
                guard error.isAboutTheStatement else { throw error }
                return error.position.map { query.originalOffset(ofCharacter: $0) } ?? range.lowerBound
            }
        }
        return 0
    }

    private func finding(_ policy: DeclaredPolicy, _ error: PostgresError, at offset: Int) -> Finding {
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

/// A part of a `CREATE POLICY`, written for another table, with the way back to the places of the original.
private struct Rewritten {
    let text: String
    /// Pieces of the original: where they begin in ``text`` and in the original.
    private var pieces: [(place: Int, original: Int)] = []

    /// The whole statement.
    init(_ policy: DeclaredPolicy, table: String) {
        let mention = policy.statement.relation.utf8Range.map { [($0, table)] } ?? []
        self.init(policy, 0..<policy.text.utf8.count, edits: mention, prefix: "", suffix: "")
    }

    /// A query with one of the policy's conditions.
    init(_ policy: DeclaredPolicy, condition: Range<Int>, table: String) {
        self.init(policy, condition, edits: [], prefix: "explain select from \(table) where (", suffix: ")")
    }

    private init(
        _ policy: DeclaredPolicy,
        _ range: Range<Int>,
        edits: [(range: Range<Int>, new: String)],
        prefix: String,
        suffix: String
    ) {
        let bytes = Array(policy.text.utf8)
        let all = (edits + policy.statement.schemaPrefixes.map { ($0, "") })
            .filter { range.contains($0.range.lowerBound) }.sorted { $0.range.lowerBound < $1.range.lowerBound }
        var result = Array(prefix.utf8)
        var place = range.lowerBound
        for edit in all {
            pieces.append((result.count, place))
            result += bytes[place..<edit.range.lowerBound] + Array(edit.new.utf8)
            place = edit.range.upperBound
        }
        pieces.append((result.count, place))
        text = String(decoding: result + bytes[place..<range.upperBound] + Array(suffix.utf8), as: UTF8.self)
    }

    /// Bytes before the same place in the original, of a character of ``text`` that is counted from 1.
    func originalOffset(ofCharacter position: Int) -> Int {
        let offset = text.unicodeScalars.prefix(max(position - 1, 0)).reduce(0) { $0 + UTF8.width($1) }
        guard let piece = pieces.last(where: { $0.place <= offset }) else { return 0 }
        return piece.original + offset - piece.place
    }
}

extension PostgresError {
    /// Whether the statement itself is wrong, and not the moment or the connection.
    fileprivate var isAboutTheStatement: Bool {
        guard kind == .server, let state = sqlState, state != .insufficientPrivilege else { return false }
        return ["0A", "22", "2B", "42", "54"].contains(state.errorClass)
    }
}
