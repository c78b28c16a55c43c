import Diagnostics
public import SQLText
import SealedStreams

/// One policy file: everything about who may do what with one relation.
///
/// ```sql
/// alter table public.income_entries enable row level security;
///
/// create policy "income_entries: own rows" on public.income_entries
///   for all to authenticated
///   using ((select auth.uid()) = user_id)
///   with check ((select auth.uid()) = user_id);
///
/// grant select, insert, update, delete on public.income_entries to authenticated;
/// ```
public struct PolicyFile: Sendable, Hashable {
    /// The path as the user gave it.
    public let path: String
    /// The relation that the file's name stands for.
    public let relation: RelationName
    /// The whole file.
    public let text: String
    /// The SHA-256 of ``text``, in hexadecimal digits.
    public let sha256: String
    /// The switches it sets; `nil` in the file of a view.
    public let rowSecurity: RowSecurity?
    /// The policies, in the order of the file.
    public let policies: [DeclaredPolicy]
    /// Every privilege it grants.
    public let grants: Set<Grant>
    /// Where each privilege is granted, in bytes of ``text``.
    let grantOffsets: [Grant: Int]

    /// A file from its text.
    ///
    /// - Parameters:
    ///   - path: The path, for messages.
    ///   - relation: The relation that the file's name stands for.
    ///   - text: The whole file.
    /// - Throws: ``PolicyError`` with a finding for each statement that has no place in the file.
    public init(path: String, relation: RelationName, text: String) throws(PolicyError) {
        var parser = PolicyFileParser(path: path, relation: relation, text: text)
        parser.parse()
        guard parser.findings.isEmpty else { throw PolicyError.unusable(parser.findings) }
        self.path = path
        self.relation = relation
        self.text = text
        rowSecurity = parser.rowSecurity
        policies = parser.policies
        grants = Set(parser.grants.keys)
        grantOffsets = parser.grants
        do { sha256 = try SHA256.digest(Array(text.utf8)).description } catch {
            throw PolicyError.unusable([
                Finding(code: error.code, severity: .error, subject: path, message: error.summary)
            ])
        }
    }

    /// The place of a byte of the file.
    func span(utf8Offset: Int) -> SourceSpan { SourceSpan(file: path, utf8Offset: utf8Offset, in: text) }
}

/// A policy as its file writes it.
public struct DeclaredPolicy: Sendable, Hashable {
    /// The statement `CREATE POLICY`, without the closing `;`.
    public let text: String
    /// The statement, taken apart.
    public let statement: PolicyStatement
    /// What the file comments on it.
    public var comment: String?
    /// Bytes before the statement in the file.
    let utf8Offset: Int

    /// The policy's name.
    public var name: String { statement.name }
    /// The condition of `USING` as the file writes it.
    var using: String? { statement.usingRange.map { slice($0) } }
    /// The condition of `WITH CHECK` as the file writes it.
    var check: String? { statement.checkRange.map { slice($0) } }

    private func slice(_ range: Range<Int>) -> String {
        String(decoding: Array(text.utf8)[range], as: UTF8.self)
    }
}
