public import PostgresClient

/// What a run tells while it goes on.
public enum MigrationEvent: Sendable {
    /// The run begins: so many migrations are to be applied.
    case planned(count: Int)
    /// A migration begins.
    case started(MigrationFileName)
    /// A migration waits for locks that these sessions hold.
    case blocked(MigrationFileName, by: [LockBlocker])
    /// A migration was rolled back because of locks and is tried again after a pause.
    case retrying(MigrationFileName, failures: Int, pause: Duration)
    /// The server said something that is no error.
    case notice(ServerNotice)
    /// A migration is applied.
    case applied(MigrationFileName, duration: Duration)
}
