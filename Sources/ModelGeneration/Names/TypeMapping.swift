/// Which Swift type holds the values of which type of the database.
enum TypeMapping {
    /// A Swift type and the module it comes from.
    struct SwiftType: Hashable {
        let name: String
        /// `nil` for types of Swift itself and of the models' own module.
        let module: String?
        /// One of the models' own enums.
        var isGenerated = false
    }

    static let types = "PostgresTypes"
    static let foundation = "FoundationEssentials"

    /// The built-in types; every other type is held as its text form, which is exact too.
    static let builtIn: [(type: String, swift: String, module: String?)] = [
        ("bool", "Bool", nil), ("int2", "Int16", nil), ("int4", "Int32", nil), ("int8", "Int64", nil),
        ("float4", "Float", nil), ("float8", "Double", nil), ("numeric", "PostgresNumeric", types),
        ("uuid", "UUID", foundation), ("timestamptz", "PostgresTimestampTZ", types),
        ("timestamp", "PostgresTimestamp", types), ("date", "PostgresDate", types), ("time", "PostgresTime", types),
        ("interval", "PostgresInterval", types), ("json", "JSONText", types), ("jsonb", "JSONText", types),
        ("point", "PostgresPoint", types), ("inet", "PostgresInet", types), ("bytea", "PostgresBytes", types),
        ("oid", "OID", types),
    ]

    private static let table = Dictionary(
        builtIn.map { ($0.type, SwiftType(name: $0.swift, module: $0.module)) }
    ) { first, _ in first }

    /// Whether values are plain text.
    static func isText(_ type: ModelType) -> Bool {
        type.schema == "pg_catalog" && ["text", "varchar"].contains(type.name) && !type.isArray
    }

    /// The Swift type for a type of the database.
    ///
    /// - Parameters:
    ///   - type: The type.
    ///   - enums: The Swift names of the enum types by schema and name.
    /// - Returns: The types of the value; more than one for an array, the outer one first.
    static func swiftTypes(_ type: ModelType, enums: [[String]: String]) -> [SwiftType] {
        let text = SwiftType(name: "String", module: nil)
        let scalar =
            type.schema == "pg_catalog"
            ? table[type.name] ?? text
            : enums[[type.schema, type.name]].map { SwiftType(name: $0, module: nil, isGenerated: true) } ?? text
        return type.isArray ? [SwiftType(name: "PostgresArray", module: types), scalar] : [scalar]
    }
}
