/// A publication: whose changes a subscriber such as Realtime sees.
public struct PublicationInfo: Sendable, Hashable, Codable {
    /// The publication's name.
    public let name: String
    /// The owner.
    public let owner: String
    /// It is FOR ALL TABLES.
    public let isForAllTables: Bool
    /// What is published: `insert`, `update`, `delete`, `truncate`.
    public let operations: [String]
    /// Changes of partitions are published as those of their root.
    public let publishesViaRoot: Bool
    /// The schemas all of whose tables are published.
    public let schemas: [String]
    /// The tables that are named.
    public let tables: [PublishedTable]
}

/// A table of a publication.
public struct PublishedTable: Sendable, Hashable, Codable {
    /// The schema's name.
    public let schema: String
    /// The table's name.
    public let name: String
    /// The columns that are published; `nil` for all.
    public let columns: [String]?
    /// Which rows are published, as SQL; `nil` for all.
    public let rowFilter: String?

    /// Schema and name as people write them.
    public var displayName: String { "\(schema).\(name)" }
}
