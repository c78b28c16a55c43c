public import PostgresTypes

/// What becomes of a column that is never NULL.
public enum Change<Value: PostgresValue>: Sendable {
    /// It keeps its value.
    case leave
    /// It gets a value.
    case set(Value)
}

/// What becomes of a column that may be NULL.
///
/// In a new row, a column that is left gets its default.
public enum NullableChange<Value: PostgresValue>: Sendable {
    /// It keeps its value.
    case leave
    /// It becomes NULL.
    case null
    /// It gets a value.
    case set(Value)

    /// A value, or NULL where there is none: for a form whose empty field means that nothing is known.
    ///
    /// - Parameter value: The value.
    /// - Returns: ``set(_:)``, or ``null``.
    public static func setting(_ value: Value?) -> NullableChange {
        if let value { .set(value) } else { .null }
    }
}

extension Change: Equatable where Value: Equatable {}
extension Change: Hashable where Value: Hashable {}
extension NullableChange: Equatable where Value: Equatable {}
extension NullableChange: Hashable where Value: Hashable {}
