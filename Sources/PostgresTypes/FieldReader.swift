/// The fields of one row by name, so that models need no client.
public protocol FieldReader {
    /// The text form of a field.
    ///
    /// - Parameter name: The column's name in the result.
    /// - Returns: The text, or `nil` for NULL.
    /// - Throws: ``PostgresValueError`` when the result has no such column.
    func text(_ name: String) throws(PostgresValueError) -> String?
}

extension FieldReader {
    /// A field that is never NULL.
    ///
    /// - Parameters:
    ///   - name: The column's name in the result.
    ///   - type: The wanted type.
    /// - Returns: The value.
    /// - Throws: ``PostgresValueError`` when the field is missing, NULL or no value of that type.
    public func value<Value: PostgresValue>(
        _ name: String,
        as type: Value.Type = Value.self
    ) throws(PostgresValueError) -> Value {
        guard let text = try text(name) else {
            throw PostgresValueError("field \"\(name)\" is NULL, not a \(Value.self)")
        }
        do { return try Value(postgresText: text) } catch {
            throw PostgresValueError("field \"\(name)\": \(error.description)")
        }
    }

    /// A field that may be NULL.
    ///
    /// - Parameters:
    ///   - name: The column's name in the result.
    ///   - type: The wanted type.
    /// - Returns: The value, or `nil` for NULL.
    /// - Throws: ``PostgresValueError`` when the field is missing or no value of that type.
    public func optional<Value: PostgresValue>(
        _ name: String,
        as type: Value.Type = Value.self
    ) throws(PostgresValueError) -> Value? {
        guard let text = try text(name) else { return nil }
        do { return try Value(postgresText: text) } catch {
            throw PostgresValueError("field \"\(name)\": \(error.description)")
        }
    }
}
