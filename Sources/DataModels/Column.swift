public import PostgresTypes

/// A column of a model with the type of its values.
///
/// ```swift
/// UserTrip.select(where: [UserTrip.Columns.userID.equals(user), UserTrip.Columns.endDate.isNull])
/// ```
public struct Column<Model: RowModel, Value: PostgresValue>: Hashable, Sendable {
    /// The column's name in the database.
    public let name: String

    /// A column by its name.
    ///
    /// - Parameter name: The column's name in the database.
    public init(_ name: String) { self.name = name }

    /// The column as SQL wants it: quoted, and behind its table.
    public var sql: String { "\(Model.relation.sql).\(SQLName.quoted(name))" }

    /// The field of a row.
    ///
    /// - Parameter row: A row that has the column.
    /// - Returns: The value, or `nil` for NULL.
    /// - Throws: `PostgresValueError` when the row has no such field, or one of another type.
    public func value(in row: some FieldReader) throws(PostgresValueError) -> Value? {
        try row.optional(name, as: Value.self)
    }

    /// Rows whose field is a value.
    ///
    /// - Parameter value: The value.
    /// - Returns: The condition.
    public func equals(_ value: Value) -> Condition<Model> { compared(by: "=", to: value) }

    /// Rows whose field is another value; NULL is none.
    ///
    /// - Parameter value: The value.
    /// - Returns: The condition.
    public func differs(from value: Value) -> Condition<Model> { compared(by: "<>", to: value) }

    /// Rows whose field is less than a value.
    ///
    /// - Parameter value: The value.
    /// - Returns: The condition.
    public func isLess(than value: Value) -> Condition<Model> { compared(by: "<", to: value) }

    /// Rows whose field is at least a value.
    ///
    /// - Parameter value: The value.
    /// - Returns: The condition.
    public func isAtLeast(_ value: Value) -> Condition<Model> { compared(by: ">=", to: value) }

    /// Rows whose field is one of some values.
    ///
    /// - Parameter values: The values; with none no row is found.
    /// - Returns: The condition.
    public func isAmong(_ values: [Value]) -> Condition<Model> {
        Condition(before: "\(sql) = any (", parameter: PostgresArray(values).postgresText, after: ")")
    }

    /// Rows whose field is NULL.
    public var isNull: Condition<Model> { Condition(sql: "\(sql) is null") }
    /// Rows whose field is not NULL.
    public var isNotNull: Condition<Model> { Condition(sql: "\(sql) is not null") }

    private func compared(by comparison: String, to value: Value) -> Condition<Model> {
        Condition(before: "\(sql) \(comparison) ", parameter: value.postgresText, after: "")
    }
}

/// What rows have to be like to be found: text with at most one parameter.
public struct Condition<Model: RowModel>: Hashable, Sendable {
    private let before: String
    private let parameter: String?
    private let after: String

    init(before: String, parameter: String, after: String) {
        self.before = before
        self.parameter = parameter
        self.after = after
    }

    init(sql: String) {
        before = sql
        parameter = nil
        after = ""
    }

    /// The text; its parameter goes to the end of those that came before.
    func sql(adding parameters: inout [String?]) -> String {
        guard let parameter else { return before }
        parameters.append(parameter)
        return "\(before)$\(parameters.count)\(after)"
    }
}
