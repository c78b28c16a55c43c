public import Diagnostics

/// A transaction that did not end as it should, with the step that failed.
///
/// An error of the body alone is rethrown as it is; this error says that the end itself went wrong.
public struct TransactionError: ExplainedError {
    /// The step of a transaction that failed.
    public enum Step: String, Sendable {
        /// `COMMIT` failed, and the server says that nothing was stored.
        case commit
        /// The connection was lost while `COMMIT` was under way: it may or may not have happened.
        case commitUnconfirmed
        /// The body failed, and `ROLLBACK` failed after it. The server rolls back when the connection ends.
        case rollback
    }

    /// The step that failed.
    public let step: Step
    /// What the server or the body said first.
    public let underlying: any Error

    /// The stable name for scripts.
    public var code: String { "transaction.\(step.rawValue)" }
    /// What happened to the transaction.
    public var summary: String {
        switch step {
        case .commit: "The transaction was rolled back at COMMIT: \(reason)"
        case .commitUnconfirmed:
            "The connection was lost during COMMIT: whether the transaction was stored is unknown. \(reason)"
        case .rollback: "\(reason) The session is unusable; the server rolls its transaction back."
        }
    }
    /// The class of the first error.
    public var failureClass: FailureClass { (underlying as? any ExplainedError)?.failureClass ?? .failure }

    private var reason: String { (underlying as? any ExplainedError)?.summary ?? String(describing: underlying) }
}
