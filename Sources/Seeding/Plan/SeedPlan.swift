public import CatalogInspection
public import Diagnostics

/// What a run of seeding would write, and what speaks against it.
public struct SeedPlan: Sendable {
    /// What one table would get.
    public struct Table: Sendable, Encodable {
        /// Schema and name.
        public let name: String
        /// The rows it has at this scale.
        public let rows: Int
        /// The seeded rows that are there already.
        public let present: Int
        /// The estimated bytes of the rows that are not, with their index entries.
        public let bytes: Int64
    }

    /// How much.
    public let scale: SeedScale
    /// The tables in the order they are filled.
    public let tables: [Table]
    /// Tables that refer to one another in a circle.
    public let circles: [[String]]
    /// What the database takes now.
    public let databaseBytes: Int64
    /// What it may take.
    public let limitBytes: Int64
    /// What speaks for the database being production.
    public let signs: ProductionSigns
    /// What is missing in the schema, and tables that nothing seeds.
    public let findings: [Finding]

    /// All rows of the scale.
    public var rows: Int { tables.reduce(0) { $0 + $1.rows } }
    /// What the rows that are not there yet will take.
    public var addedBytes: Int64 { tables.reduce(0) { $0 + $1.bytes } }
    /// What the database will take.
    public var totalBytes: Int64 { databaseBytes + addedBytes }
    /// Whether it fits.
    public var fits: Bool { totalBytes <= limitBytes }
    /// What keeps the seed from being written.
    public var obstacles: [Finding] { findings.filter { $0.severity == .error } }
}

/// How large seeded rows are on disk.
enum SizeEstimate: Sendable {
    /// The first page of a table and of each index, which the first row takes.
    private static let page: Int64 = 8_192

    /// The bytes that more rows of a table take.
    static func bytes(of table: SeedTable, rows: Int, present: Int, indexes: Int) -> Int64 {
        let more = Int64(max(0, rows - present))
        guard more > 0 else { return 0 }
        return more * Int64(table.bytesPerRow) + (present == 0 ? Int64(1 + indexes) * page : 0)
    }
}
