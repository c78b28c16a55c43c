public import PostgresTypes
import SQLText

/// A sequence and where it stands.
public struct SequenceInfo: Sendable, Hashable, Codable {
    /// The number in `pg_class`.
    public let oid: OID
    /// The schema's name.
    public let schema: String
    /// The sequence's name.
    public let name: String
    /// The number it gave out last, or will give out first.
    public let lastValue: Int64
    /// Whether ``lastValue`` was given out.
    public let isCalled: Bool

    /// Schema and name, quoted.
    public var qualifiedName: String { SQLQuoting.qualified(schema, name) }
    /// Schema and name as people write them.
    public var displayName: String { "\(schema).\(name)" }

    /// A sequence and where it stands.
    ///
    /// - Parameters:
    ///   - oid: The number in `pg_class`.
    ///   - schema: The schema's name.
    ///   - name: The sequence's name.
    ///   - lastValue: The number it gave out last, or will give out first.
    ///   - isCalled: Whether that number was given out.
    public init(oid: OID, schema: String, name: String, lastValue: Int64, isCalled: Bool) {
        self.oid = oid
        self.schema = schema
        self.name = name
        self.lastValue = lastValue
        self.isCalled = isCalled
    }
}
