/// What a role's new objects grant by themselves, where that differs from PostgreSQL's built-in default.
public struct DefaultPrivileges: Sendable, Hashable, Codable {
    /// The role that makes the objects.
    public let role: String
    /// The schema they are made in; `nil` for every schema.
    public let schema: String?
    /// What they are: `tables`, `sequences`, `functions`, `types`, `schemas`.
    public let objects: String
    /// The entries as the server prints them, such as `anon=r/postgres`, sorted.
    public let entries: [String]
    /// Entries that the built-in default does not have.
    public let granted: [String]
    /// Entries of the built-in default that were taken away, such as `=X/postgres`: everyone executes a new function.
    ///
    /// Only entries for every schema can take away: those of one schema come on top.
    public let revoked: [String]
}
