import SQLText

/// One table's rows: which there are, how each is told from the rows of others, and what is in it.
///
/// A table is one file that makes one of these:
///
/// ```swift
/// extension SeedTable {
///     static let incomeEntries = SeedTable("income_entries", .uuid(), bytesPerRow: 150, Population(Income.count)) { row in
///         row.id()
///         row.reference("user_id", .users, row.key.upTo(0))
///         row.cents("amount", row.draw("amount").within(45_000...320_000))
///         …
///     }
/// }
/// ```
public struct SeedTable: Sendable {
    /// What tells a seeded row from all others.
    enum Identity: Sendable {
        /// A UUID of its own.
        case uuid(String = "id")
        /// A number of the reserved range.
        case number(String = "id")
        /// The seeded account it belongs to, of which there is one row at most.
        case account(String)
        /// A seeded row of another table and a seeded account.
        case pair(String, Place, account: String)
    }

    /// A column that a trigger keeps.
    struct Counter: Sendable {
        let column: String
        /// What the trigger would write.
        let expression: String
    }

    /// A table that others refer to.
    struct Place: Sendable {
        let schema: String
        let table: String
        let tag: UInt16

        init(_ table: String, schema: String = "public") {
            self.schema = schema
            self.table = table
            tag = SeedIdentity.tag(schema, table)
        }

        static let users = Place("users", schema: "auth")
    }

    /// The schema's name.
    public let schema: String
    /// The table's name.
    public let name: String
    let identity: Identity
    let population: Population
    /// What a row takes on disk with its index entries, measured; a test compares it with a server.
    let bytesPerRow: Int
    /// Columns whose value may stand in a row of others already, which then stays and ours is left out.
    let sharedKey: String?
    /// Columns are left out where the server does not have them: the auth server's own migrations move.
    let followsServer: Bool
    /// Columns that triggers keep, with what they count under the alias `t`.
    ///
    /// Rows of others count as well, so a row that is there is counted again and not set back.
    let counters: [Counter]
    let write: @Sendable (inout RowWriter) -> Void
    /// The columns in the order they are written.
    let columns: [String]

    init(
        _ name: String,
        schema: String = "public",
        _ identity: Identity,
        bytesPerRow: Int,
        sharedKey: String? = nil,
        followsServer: Bool = false,
        counters: [Counter] = [],
        _ population: Population,
        _ write: @escaping @Sendable (inout RowWriter) -> Void
    ) {
        self.schema = schema
        self.name = name
        self.identity = identity
        self.bytesPerRow = bytesPerRow
        self.sharedKey = sharedKey
        self.followsServer = followsServer
        self.counters = counters
        self.population = population
        self.write = write
        columns = RowWriter.columns(of: write)
    }

    /// Schema and name, quoted.
    var qualifiedName: String { SQLQuoting.qualified(schema, name) }
    /// Schema and name as people write them.
    public var displayName: String { "\(schema).\(name)" }
    var tag: UInt16 { SeedIdentity.tag(schema, name) }

    /// The columns of the identity.
    var keyColumns: [String] {
        switch identity {
        case .uuid(let column), .number(let column), .account(let column): [column]
        case .pair(let column, _, let account): [column, account]
        }
    }

    /// A condition that holds for the seeded rows under an alias.
    func isSeeded(_ alias: String) -> String {
        func named(_ column: String) -> String { "\(alias).\(SQLQuoting.identifier(column))" }
        switch identity {
        case .uuid(let column): return SeedIdentity.condition(named(column), tag: tag)
        case .number(let column): return SeedIdentity.condition(number: named(column))
        case .account(let column): return SeedIdentity.condition(named(column), tag: Place.users.tag)
        case .pair(let column, let place, let account):
            return "(\(SeedIdentity.condition(named(column), tag: place.tag)) and "
                + "\(SeedIdentity.condition(named(account), tag: Place.users.tag)))"
        }
    }

    /// The number of rows at a scale.
    ///
    /// - Parameter scale: The scale.
    /// - Returns: The number.
    public func rows(at scale: SeedScale) -> Int { population.rows(at: scale) }
}
