import SQLText

/// The schema and the name of a relation, as the catalog stores them.
public struct RelationName: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
    /// The schema.
    public let schema: String
    /// The name within the schema.
    public let name: String

    /// A relation by its names.
    ///
    /// - Parameters:
    ///   - schema: The schema.
    ///   - name: The name within the schema.
    public init(schema: String, name: String) {
        self.schema = schema
        self.name = name
    }

    /// Schema and name with a dot between, for people.
    public var description: String { "\(schema).\(name)" }
    /// The name as SQL, quoted.
    public var sql: String { SQLQuoting.qualified(schema, name) }

    /// Orders by schema, then by name.
    public static func < (lhs: RelationName, rhs: RelationName) -> Bool {
        (lhs.schema, lhs.name) < (rhs.schema, rhs.name)
    }
}
