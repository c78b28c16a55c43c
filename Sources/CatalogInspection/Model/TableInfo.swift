public import PostgresTypes
import SQLText

/// A table as the catalog describes it.
public struct TableInfo: Sendable, Hashable, Codable {
    /// What kind of relation it is.
    public enum Kind: String, Sendable, Codable {
        /// A table with rows of its own.
        case ordinary = "r"
        /// The root or an inner node of a partition tree: it has no rows of its own.
        case partitioned = "p"
    }

    /// The number in `pg_class`.
    public let oid: OID
    /// The schema's name.
    public let schema: String
    /// The table's name.
    public let name: String
    /// What kind of relation it is.
    public let kind: Kind
    /// The owner.
    public let owner: String
    /// The file number on disk; it changes when the table is rewritten or truncated.
    public let filenode: OID
    /// Size of the main fork in pages of 8 KiB.
    public let pages: Int
    /// Rows are not written to the WAL.
    public let isUnlogged: Bool
    /// Pages can be read by `ctid`: the access method is heap.
    public let isHeap: Bool
    /// Row level security is enabled.
    public let hasRowSecurity: Bool
    /// Row level security applies to the owner too.
    public let forcesRowSecurity: Bool
    /// The partition root above this table, where there is one.
    public let partitionRoot: OID?
    /// Which rows are the user's, as SQL after WHERE, where an extension's configuration table also holds rows that come
    /// with the extension.
    public let rowCondition: String?
    /// The columns in order of their numbers, dropped ones left out.
    public var columns: [ColumnInfo]

    /// Schema and name, quoted.
    public var qualifiedName: String { SQLQuoting.qualified(schema, name) }
    /// Schema and name as people write them.
    public var displayName: String { "\(schema).\(name)" }
    /// The columns that hold data of their own: generated ones are computed.
    public var storedColumns: [ColumnInfo] { columns.filter { !$0.isGenerated } }
}

/// A column as the catalog describes it.
public struct ColumnInfo: Sendable, Hashable, Codable {
    /// The column's name.
    public let name: String
    /// The column's number, from 1; dropped columns leave gaps.
    public let number: Int
    /// The number of its type in `pg_type`.
    public let type: OID
    /// The type as SQL writes it, schema-qualified, with its modifier.
    public let typeName: String
    /// Computed from other columns, `GENERATED ALWAYS AS … STORED`.
    public let isGenerated: Bool
}
