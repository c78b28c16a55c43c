/// SQL text and the text forms of its parameters, for whatever client sends it.
///
/// With `PostgresClient`: `Query(unsafeSQL: statement.sql, parameters: statement.parameters)`. Every name in the text is
/// quoted and every value is a parameter.
public struct ModelStatement: Hashable, Sendable {
    /// The text with `$1`, `$2`, ….
    public let sql: String
    /// The text forms of the parameters; `nil` is NULL.
    public let parameters: [String?]

    /// A statement of its text and parameters.
    ///
    /// - Parameters:
    ///   - sql: The text.
    ///   - parameters: The text forms of the parameters.
    public init(sql: String, parameters: [String?] = []) {
        self.sql = sql
        self.parameters = parameters
    }
}

extension RowModel {
    /// The statement that reads rows, all columns of the model.
    ///
    /// - Parameter conditions: What the rows have to be like, all of it; without any all rows are read.
    /// - Returns: A `select`; an `order by` or `limit` may be put behind its text.
    public static func select(where conditions: [Condition<Self>] = []) -> ModelStatement {
        var parameters: [String?] = []
        let texts = conditions.map { $0.sql(adding: &parameters) }
        let filter = texts.isEmpty ? "" : " where " + texts.joined(separator: " and ")
        return ModelStatement(
            sql: "select \(SQLName.list(columnNames)) from \(relation.sql)\(filter)", parameters: parameters)
    }

    /// What `returning` names, so that a changed row comes back as a model.
    fileprivate static var returning: String {
        " returning \(columnNames.isEmpty ? "null" : SQLName.list(columnNames))"
    }
}

extension KeyedModel {
    /// The statement that reads the row of a key.
    ///
    /// - Parameter key: The key.
    /// - Returns: A `select`.
    public static func select(_ key: Key) -> ModelStatement {
        var parameters: [String?] = []
        let filter = key.filter(adding: &parameters)
        return ModelStatement(
            sql: "select \(SQLName.list(columnNames)) from \(relation.sql) where \(filter)", parameters: parameters)
    }

    /// The statement that deletes the row of a key and returns it.
    ///
    /// - Parameter key: The key.
    /// - Returns: A `delete … returning`.
    public static func delete(_ key: Key) -> ModelStatement {
        var parameters: [String?] = []
        let filter = key.filter(adding: &parameters)
        return ModelStatement(sql: "delete from \(relation.sql) where \(filter)\(returning)", parameters: parameters)
    }
}

extension ModelInsert {
    /// The statement that makes the row and returns it.
    public var statement: ModelStatement {
        let fields = fields
        let places = fields.indices.map { "$\($0 + 1)" }.joined(separator: ", ")
        let values =
            fields.isEmpty ? " default values" : " (\(SQLName.list(fields.map(\.column)))) values (\(places))"
        return ModelStatement(
            sql: "insert into \(Model.relation.sql)\(values)\(Model.returning)", parameters: fields.map(\.text))
    }
}

extension ModelPatch where Model: KeyedModel {
    /// The statement that changes the row of a key and returns it.
    ///
    /// - Parameter key: The key.
    /// - Returns: An `update … returning`; `nil` when the patch changes nothing.
    public func statement(for key: Model.Key) -> ModelStatement? {
        let fields = fields
        guard !fields.isEmpty else { return nil }
        var parameters = fields.map(\.text)
        let changes = fields.enumerated().map { "\(SQLName.quoted($0.element.column)) = $\($0.offset + 1)" }
        let filter = key.filter(adding: &parameters)
        return ModelStatement(
            sql: "update \(Model.relation.sql) set \(changes.joined(separator: ", ")) where \(filter)"
                + Model.returning,
            parameters: parameters)
    }
}

extension ModelKey {
    fileprivate func filter(adding parameters: inout [String?]) -> String {
        fields.map { field in
            parameters.append(field.text)
            return "\(SQLName.quoted(field.column)) = $\(parameters.count)"
        }.joined(separator: " and ")
    }
}
