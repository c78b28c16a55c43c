/// A table or view by schema and name.
public struct Relation: Hashable, CustomStringConvertible, Sendable {
    /// The schema's name.
    public let schema: String
    /// The table's name.
    public let name: String

    /// A table or view by its names.
    ///
    /// - Parameters:
    ///   - schema: The schema's name.
    ///   - name: The table's name.
    public init(schema: String, name: String) {
        self.schema = schema
        self.name = name
    }

    /// Both names as SQL wants them, quoted.
    public var sql: String { "\(SQLName.quoted(schema)).\(SQLName.quoted(name))" }
    /// Both names as people write them.
    public var description: String { "\(schema).\(name)" }
}

/// Identifiers in SQL text.
enum SQLName {
    /// A name in double quotes: no list of keywords decides what is safe.
    static func quoted(_ name: String) -> String { "\"" + name.replacing("\"", with: "\"\"") + "\"" }

    /// Names in double quotes, with commas between.
    static func list(_ names: [String]) -> String { names.map(quoted).joined(separator: ", ") }
}
