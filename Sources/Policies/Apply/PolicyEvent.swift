public import PostgresClient

/// What a run tells while it goes on.
public enum PolicyEvent: Sendable {
    /// A relation is to be changed by so many statements.
    case started(RelationName, statements: Int)
    /// A relation waits for locks that these sessions hold.
    case blocked(RelationName, by: [LockBlocker])
    /// A relation was rolled back and is tried again after a pause.
    case retrying(RelationName, failures: Int, pause: Duration)
    /// The server said something that is no error.
    case notice(ServerNotice)
    /// A relation is as its file says now.
    case applied(RelationPlan, duration: Duration)
}
