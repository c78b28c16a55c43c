public import Diagnostics
import PostgresClient

/// Why policies could not be read, planned or applied.
public struct PolicyError: ExplainedError {
    /// The stable name for scripts, such as `policy.failed`.
    public let code: String
    /// What happened, to which relation, and what is applied.
    public let summary: String
    /// What to do next.
    public let remedy: Remedy?
    /// The kind of failure.
    public let failureClass: FailureClass
    /// The single problems behind it.
    public let findings: [Finding]
    /// The place in the file.
    public let span: SourceSpan?
    /// The server's error, where there is one.
    public let underlying: (any ExplainedError)?

    init(
        code: String,
        summary: String,
        remedy: Remedy? = nil,
        failureClass: FailureClass = .failure,
        findings: [Finding] = [],
        span: SourceSpan? = nil,
        underlying: (any ExplainedError)? = nil
    ) {
        self.code = code
        self.summary = summary
        self.remedy = remedy
        self.failureClass = failureClass
        self.findings = findings
        self.span = span
        self.underlying = underlying
    }

    static func noFolder(_ path: String) -> PolicyError {
        PolicyError(
            code: "policy.no-folder", summary: "The folder \"\(path)\" does not exist or cannot be read.",
            remedy: Remedy("Go to the folder of the project, or name this one with --policies DIR."),
            failureClass: .notFound)
    }

    /// Files that are no policy files, or that do not fit the database; nothing was applied.
    static func unusable(_ findings: [Finding]) -> PolicyError {
        let first = findings[0]
        guard findings.count == 1 else {
            return PolicyError(
                code: first.code, summary: "\(findings.count) problems in policy files. Nothing was applied.",
                remedy: Remedy("Correct them and run the command again."), findings: findings, span: first.span)
        }
        return PolicyError(
            code: first.code,
            summary: "\(first.span?.description ?? first.subject ?? ""): \(first.message) Nothing was applied.",
            remedy: first.remedy ?? Remedy("Correct the file and run the command again."), findings: findings,
            span: first.span)
    }

    static func ledgerClosed(_ error: PostgresError) -> PolicyError {
        PolicyError(
            code: "policy.ledger-closed",
            summary: "The role may not read or make wheels_migrations.policy_files, which says what is applied: "
                + error.summary,
            remedy: Remedy("Connect as the role that applies policies (on Supabase: postgres)."),
            failureClass: error.failureClass, underlying: error)
    }

    static func locked(by holder: String?) -> PolicyError {
        PolicyError(
            code: "policy.locked",
            summary: "Another run applies policies\(holder.map { ": \($0)" } ?? "; it ended just now").",
            remedy: Remedy("Wait for it to end, then see what it did:", command: "wheels-db policy status"),
            failureClass: .locked)
    }

    /// The part of a message that says which tables are done.
    static func done(_ relations: [RelationName]) -> String {
        relations.isEmpty
            ? "No table was changed before it."
            : "Done before it: \(relations.map(\.description).joined(separator: ", "))."
    }
}
