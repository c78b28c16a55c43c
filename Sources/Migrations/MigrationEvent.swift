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

/// A session whose locks another one waits for.
public struct LockBlocker: Sendable, Hashable, CustomStringConvertible {
    /// The server's process.
    public let pid: Int
    /// The role.
    public let role: String
    /// What the session calls itself.
    public let applicationName: String
    /// `active`, `idle in transaction`, ….
    public let state: String
    /// Since when its transaction is open, in the server's words.
    public let since: String
    /// The first line of what it runs, or ran last.
    public let query: String

    /// One phrase: process, role, program, state and statement.
    public var description: String {
        let program = applicationName.isEmpty ? "" : ", \(applicationName)"
        return "process \(pid) (role \(role)\(program), \(state) since \(since)): \(query)"
    }
}
