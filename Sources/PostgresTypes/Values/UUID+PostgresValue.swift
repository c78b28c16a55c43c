public import FoundationEssentials

extension UUID: PostgresValue {
    /// Reads the 36 characters that the server writes, in either case.
    public init(postgresText: String) throws(PostgresValueError) {
        guard let value = UUID(uuidString: postgresText) else {
            throw PostgresValueError("\"\(postgresText)\" is no UUID")
        }
        self = value
    }
    /// The 36 characters as the server writes them, in lower case.
    public var postgresText: String { uuidString.lowercased() }
}
