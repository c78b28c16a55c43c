public import PostgresTypes
import SQLText

/// A table or view as far as access to it is concerned.
public struct AccessRelation: Sendable, Hashable {
    /// What kind of relation it is, by the letter of `pg_class.relkind`.
    public enum Kind: String, Sendable, Hashable {
        /// A table.
        case table = "r"
        /// The root or an inner node of a partition tree.
        case partitioned = "p"
        /// A view.
        case view = "v"
        /// A materialized view.
        case materializedView = "m"
        /// A foreign table.
        case foreignTable = "f"

        /// What the advisor's `type` says.
        var word: String {
            switch self {
            case .table, .partitioned: "table"
            case .view: "view"
            case .materializedView: "materialized view"
            case .foreignTable: "foreign table"
            }
        }
        /// Row level security can be on.
        public var hasRowSecurity: Bool { self == .table || self == .partitioned }
    }

    /// The number in `pg_class`.
    public let oid: OID
    /// Schema and name.
    public let name: AccessName
    /// What kind of relation it is.
    public let kind: Kind
    /// The owner.
    public let owner: String
    /// The owner sees every row of every table: superuser or BYPASSRLS.
    public let ownerBypasses: Bool
    /// Row level security is on.
    public let isRowSecurityOn: Bool
    /// Row level security binds the owner too.
    public let forcesRowSecurity: Bool
    /// A partition: reached through its parent as well.
    public let isPartition: Bool
    /// The planner's estimate of its rows; negative when it was never analysed.
    public let estimatedRows: Double
    /// `security_invoker` is on: the view shows what its caller may see.
    public let isInvoker: Bool
    /// Views: the commands that go through to the table below.
    public let updatable: Set<AccessCommand>
    /// Views: the query as the grammar reads it; `nil` when it cannot.
    let query: ParseTree?
    /// The columns in order.
    public let columns: [AccessColumn]
    /// The first columns of its valid, whole indexes.
    public let indexedColumns: Set<String>
    /// The relations that a view's query names.
    public let dependencies: [OID]
    /// The triggers that run before a row is written.
    public let guards: [AccessTrigger]

    /// Relations are equal when their numbers are.
    public static func == (lhs: AccessRelation, rhs: AccessRelation) -> Bool { lhs.oid == rhs.oid }
    /// Hashes the number.
    public func hash(into hasher: inout Hasher) { hasher.combine(oid) }

    /// The column of a name.
    public func column(_ name: String) -> AccessColumn? { columns.first { $0.name == name } }
}

/// A column as far as access to it is concerned.
public struct AccessColumn: Sendable, Hashable {
    /// The name.
    public let name: String
    /// The type as SQL writes it.
    public let type: String
    /// It is never NULL.
    public let isNotNull: Bool
    /// It is computed, or `GENERATED ALWAYS AS IDENTITY`: nobody writes it.
    public let isGenerated: Bool
    /// It belongs to the primary key.
    public let isKey: Bool
    /// The sequence that its default asks, where there is one.
    public let sequence: OID?
    /// That sequence, as people write it.
    public let sequenceName: String?
}

/// A trigger that runs before a row is written, and may refuse it.
public struct AccessTrigger: Sendable, Hashable {
    /// The trigger's name.
    public let name: String
    /// The commands it runs on.
    public let commands: Set<AccessCommand>
    /// The function it calls.
    public let function: OID
}

/// What can be asked of a relation.
public enum AccessCommand: String, Sendable, Hashable, Codable, CaseIterable, Comparable {
    /// Reads rows.
    case select = "SELECT"
    /// Adds rows.
    case insert = "INSERT"
    /// Changes rows.
    case update = "UPDATE"
    /// Removes rows.
    case delete = "DELETE"
    /// Removes all rows; no row filter applies.
    case truncate = "TRUNCATE"

    /// The letter of the privilege in an access list.
    var letter: Character {
        switch self {
        case .select: "r"
        case .insert: "a"
        case .update: "w"
        case .delete: "d"
        case .truncate: "D"
        }
    }

    /// The commands that row level security is about.
    public static let ofRows: [AccessCommand] = [.select, .insert, .update, .delete]

    /// Orders as they are listed.
    public static func < (lhs: AccessCommand, rhs: AccessCommand) -> Bool {
        allCases.firstIndex(of: lhs) ?? 0 < allCases.firstIndex(of: rhs) ?? 0
    }
}
