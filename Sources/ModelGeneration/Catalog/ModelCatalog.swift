/// What models are made of: the relations and enums of some schemas.
public struct ModelCatalog: Hashable, Sendable {
    /// The schemas, in the order in which their names are given out.
    public let schemas: [String]
    /// The tables and views.
    public let relations: [ModelRelation]
    /// The enum types.
    public let enums: [ModelEnum]

    /// A catalog of its parts.
    ///
    /// - Parameters:
    ///   - schemas: The schemas; the first one's names stay bare, the others' begin with the schema.
    ///   - relations: The tables and views, in any order.
    ///   - enums: The enum types, in any order.
    public init(schemas: [String], relations: [ModelRelation], enums: [ModelEnum]) {
        self.schemas = schemas
        let place = Dictionary(schemas.enumerated().map { ($0.element, $0.offset) }) { first, _ in first }
        let order = { (schema: String, name: String) in (place[schema] ?? schemas.count, name) }
        self.relations = relations.sorted { order($0.schema, $0.name) < order($1.schema, $1.name) }
        self.enums = enums.sorted { order($0.schema, $0.name) < order($1.schema, $1.name) }
    }
}

/// A table or view with what its model needs to know.
public struct ModelRelation: Hashable, Sendable {
    /// What can be done with the rows.
    public enum Kind: Hashable, Sendable {
        /// Rows are read and written.
        case table
        /// Rows are read only: a view, a materialized view or a foreign table.
        case view
    }

    /// The schema's name.
    public var schema: String
    /// The relation's name.
    public var name: String
    /// What can be done with the rows.
    public var kind: Kind
    /// The comment.
    public var comment: String?
    /// The columns in their order.
    public var columns: [ModelColumn]
    /// The columns of the primary key, in its order; empty where there is none.
    public var primaryKey: [String]
}

/// A column with what its model needs to know.
public struct ModelColumn: Hashable, Sendable {
    /// Who gives the value.
    public enum Source: String, Hashable, Sendable {
        /// The statement; NULL if it says nothing.
        case given
        /// The statement, else the column's default or its identity's sequence.
        case defaulted
        /// The server alone: a generated column, or an identity that is always generated.
        case computed
    }

    /// The column's name.
    public var name: String
    /// The type as SQL writes it, such as `numeric(10,2)`.
    public var sqlType: String
    /// The type below all domains.
    public var type: ModelType
    /// Never NULL.
    public var isNotNull: Bool
    /// Who gives the value.
    public var source: Source
    /// The comment.
    public var comment: String?
    /// The texts that a check of this column lists; empty where none does.
    public var labels: [String]
}

/// A type by its name in the catalog, or an array of such.
public struct ModelType: Hashable, Sendable {
    /// The schema's name, `pg_catalog` for the built-in types.
    public var schema: String
    /// The name, such as `timestamptz`; of an array that of its elements.
    public var name: String
    /// Values are arrays.
    public var isArray: Bool
}

/// An enum type.
public struct ModelEnum: Hashable, Sendable {
    /// The schema's name.
    public var schema: String
    /// The type's name.
    public var name: String
    /// The labels in their order.
    public var labels: [String]
    /// The comment.
    public var comment: String?
}
