public import PostgresTypes

/// A materialized view; a restore refreshes it where it was populated.
public struct MaterializedViewInfo: Sendable, Hashable, Codable {
    /// The schema's name.
    public let schema: String
    /// The view's name.
    public let name: String
    /// It can be read: it was refreshed at least once.
    public let isPopulated: Bool
    /// The number in `pg_class`.
    public let oid: OID
}

/// What stands about a large object beside its pages.
public struct LargeObjectInfo: Sendable, Hashable, Codable {
    /// The object's number, which rows may refer to.
    public let oid: OID
    /// The owner.
    public let owner: String
    /// The access list, the built-in default in place of none; sorted.
    public let entries: [String]
    /// The comment.
    public let comment: String?
}

/// An object of the project's developers on a table that Supabase manages: a trigger, a policy
/// or a foreign key.
public struct UserObjectOnManagedTable: Sendable, Hashable, Codable {
    /// The number of its catalog, such as that of `pg_trigger`.
    public let catalog: OID
    /// Its number there.
    public let oid: OID
    /// What it is called, such as `trigger on_auth_user_created on auth.users`.
    public let description: String
}
