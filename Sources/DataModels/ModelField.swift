public import PostgresTypes

/// A column and the text form of what goes into it.
public struct ModelField: Hashable, Sendable {
    /// The column's name.
    public let column: String
    /// The text form; `nil` is NULL.
    public let text: String?

    /// A column and its value.
    ///
    /// - Parameters:
    ///   - column: The column's name.
    ///   - text: The text form; `nil` is NULL.
    public init(column: String, text: String?) {
        self.column = column
        self.text = text
    }

    /// Collects the fields that are given.
    ///
    /// - Parameter collect: Adds one field after the other.
    /// - Returns: The fields in this order.
    public static func list(_ collect: (inout ModelFieldList) -> Void) -> [ModelField] {
        var list = ModelFieldList()
        collect(&list)
        return list.fields
    }
}

/// Fields on their way into a statement: what is left alone is left out.
public struct ModelFieldList: Sendable {
    /// What was collected.
    public private(set) var fields: [ModelField] = []

    /// Adds a value.
    ///
    /// - Parameters:
    ///   - column: The column's name.
    ///   - value: The value.
    public mutating func add(_ column: String, _ value: some PostgresValue) {
        fields.append(ModelField(column: column, text: value.postgresText))
    }

    /// Adds a value, where there is one.
    ///
    /// - Parameters:
    ///   - column: The column's name.
    ///   - value: The value; `nil` leaves the column out.
    public mutating func add(_ column: String, _ value: (some PostgresValue)?) {
        if let value { add(column, value) }
    }

    /// Adds a change, where there is one.
    ///
    /// - Parameters:
    ///   - column: The column's name.
    ///   - change: The change.
    public mutating func add<Value: PostgresValue>(_ column: String, _ change: Change<Value>) {
        if case .set(let value) = change { add(column, value) }
    }

    /// Adds a change, where there is one.
    ///
    /// - Parameters:
    ///   - column: The column's name.
    ///   - change: The change.
    public mutating func add<Value: PostgresValue>(_ column: String, _ change: NullableChange<Value>) {
        switch change {
        case .leave: break
        case .null: fields.append(ModelField(column: column, text: nil))
        case .set(let value): add(column, value)
        }
    }
}
