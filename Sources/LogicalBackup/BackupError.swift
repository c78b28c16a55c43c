public import Diagnostics

/// An error of backup, verification, restore or proof.
public struct BackupError: ExplainedError {
    /// The stable name for scripts, such as `backup.unreadable`.
    public let code: String
    /// What failed, on what.
    public let summary: String
    /// What to do next.
    public let remedy: Remedy?
    /// The kind of failure.
    public let failureClass: FailureClass
    /// Single problems behind it.
    public let findings: [Finding]

    /// An error with all it has to say.
    ///
    /// - Parameters:
    ///   - code: The stable name for scripts.
    ///   - summary: What failed, on what.
    ///   - remedy: What to do next.
    ///   - failureClass: The kind of failure.
    ///   - findings: Single problems behind it.
    public init(
        code: String,
        summary: String,
        remedy: Remedy? = nil,
        failureClass: FailureClass = .failure,
        findings: [Finding] = []
    ) {
        self.code = code
        self.summary = summary
        self.remedy = remedy
        self.failureClass = failureClass
        self.findings = findings
    }
}
