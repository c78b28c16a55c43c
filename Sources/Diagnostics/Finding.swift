/// One thing a check found: what, where, how bad, and what to do about it.
///
/// Checks and lints return findings as data. The command line prints them and picks the exit status.
public struct Finding: Sendable, Hashable, Codable {
    /// The stable name of the rule or check, such as `restore.role-missing`.
    public let code: String
    /// How much it matters.
    public let severity: Severity
    /// The object it concerns, such as `public.trips`.
    public let subject: String?
    /// What was found, as one sentence.
    public let message: String
    /// Where in a file it was found.
    public let span: SourceSpan?
    /// What to do next.
    public let remedy: Remedy?

    /// A finding of a check.
    ///
    /// - Parameters:
    ///   - code: The stable name of the rule or check.
    ///   - severity: How much it matters.
    ///   - subject: The object it concerns.
    ///   - message: What was found, as one sentence.
    ///   - span: Where in a file it was found.
    ///   - remedy: What to do next.
    public init(
        code: String,
        severity: Severity,
        subject: String? = nil,
        message: String,
        span: SourceSpan? = nil,
        remedy: Remedy? = nil
    ) {
        self.code = code
        self.severity = severity
        self.subject = subject
        self.message = message
        self.span = span
        self.remedy = remedy
    }
}
