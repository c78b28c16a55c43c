/// How a transaction sees and changes data.
public enum TransactionMode: String, Sendable {
    /// Each statement sees what was committed before it began.
    case readCommitted = "ISOLATION LEVEL READ COMMITTED"
    /// One snapshot for the whole transaction.
    case repeatableRead = "ISOLATION LEVEL REPEATABLE READ"
    /// One snapshot, nothing is written.
    case repeatableReadOnly = "ISOLATION LEVEL REPEATABLE READ, READ ONLY"
}
