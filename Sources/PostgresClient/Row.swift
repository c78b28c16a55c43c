public import PostgresTypes

/// One row of a result, in text form.
public struct Row: FieldReader, Sendable {
    let columns: ResultColumns
    let fields: [String?]

    /// The text form of a field by its name.
    ///
    /// - Parameter name: The column's name in the result.
    /// - Returns: The text, or `nil` for NULL.
    /// - Throws: `PostgresValueError` when the result has no such column.
    public func text(_ name: String) throws(PostgresValueError) -> String? {
        guard let index = columns.index[name] else {
            throw PostgresValueError(
                "the result has no column \"\(name)\", only \(columns.names.joined(separator: ", "))")
        }
        return fields[index]
    }

    /// The text form of a field by its place, counted from 0.
    public subscript(_ place: Int) -> String? { fields[place] }
    /// The names of the columns, in order.
    public var columnNames: [String] { columns.names }
    /// Whether every column is of type `boolean`.
    public var isBooleanOnly: Bool { !columns.types.isEmpty && columns.types.allSatisfy { $0 == .boolean } }
}

/// The columns of a result, shared by its rows.
final class ResultColumns: Sendable {
    let names: [String]
    let types: [OID]
    let index: [String: Int]

    init(names: [String], types: [OID]) {
        self.names = names
        self.types = types
        index = Dictionary(zip(names, names.indices)) { first, _ in first }
    }
}
