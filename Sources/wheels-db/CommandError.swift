import Diagnostics

/// What went wrong before or around a library call: usage, configuration, guards, key files.
struct CommandError: ExplainedError {
    let code: String
    let summary: String
    let remedy: Remedy?
    let failureClass: FailureClass
    let findings: [Finding]
    let span: SourceSpan?

    /// An error of the command line itself.
    init(
        _ code: String,
        _ summary: String,
        remedy: Remedy? = nil,
        failureClass: FailureClass = .usage,
        findings: [Finding] = [],
        span: SourceSpan? = nil
    ) {
        self.code = code
        self.summary = summary
        self.remedy = remedy
        self.failureClass = failureClass
        self.findings = findings
        self.span = span
    }
}
