/// An error that a person can act on: what happened, to what, and the next command.
///
/// Every error that leaves a library conforms. ``summary`` and ``remedy`` never contain a secret.
public protocol ExplainedError: Error, CustomStringConvertible {
    /// The stable name for scripts, such as `migration.edited`.
    var code: String { get }
    /// One or two sentences: what failed, and on what.
    var summary: String { get }
    /// What to do next, where something can be done.
    var remedy: Remedy? { get }
    /// The kind of failure, which decides the exit code.
    var failureClass: FailureClass { get }
    /// Single problems behind the failure, such as each table that may not be read.
    var findings: [Finding] { get }
    /// The place in a file the error points to.
    var span: SourceSpan? { get }
}

extension ExplainedError {
    /// No remedy unless the error names one.
    public var remedy: Remedy? { nil }
    /// A plain failure unless the error says more.
    public var failureClass: FailureClass { .failure }
    /// No single findings unless the error has some.
    public var findings: [Finding] { [] }
    /// No place in a file unless the error has one.
    public var span: SourceSpan? { nil }

    /// The summary and the remedy in one line.
    public var description: String {
        guard let remedy else { return summary }
        return "\(summary) \(remedy)"
    }
}
