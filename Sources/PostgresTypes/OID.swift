/// An object identifier of the PostgreSQL catalog.
public struct OID: Sendable, Hashable, Comparable, Codable, CustomStringConvertible, PostgresValue {
    /// The number.
    public let number: UInt32

    /// The type `boolean`.
    public static let boolean = OID(16)

    /// An identifier by its number.
    ///
    /// - Parameter number: The number.
    public init(_ number: UInt32) { self.number = number }

    /// Reads the decimal number.
    public init(postgresText: String) throws(PostgresValueError) {
        number = try UInt32(postgresText: postgresText)
    }
    /// The decimal number.
    public var postgresText: String { String(number) }
    /// The decimal number.
    public var description: String { String(number) }
    /// Whether the object was made after `initdb`: its number differs from database to database.
    public var isUserDefined: Bool { number >= 16_384 }

    /// Orders identifiers by number.
    public static func < (lhs: OID, rhs: OID) -> Bool { lhs.number < rhs.number }
}
