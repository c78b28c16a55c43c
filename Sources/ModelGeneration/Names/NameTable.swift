/// Gives out names, each once.
struct NameTable {
    /// Names that mean something else where these will stand.
    let reserved: Set<String>
    /// What is put behind a reserved name.
    let suffix: String
    /// Names that differ in case only count as one: they become names of files.
    var ignoresCase = false
    private var taken: Set<String> = []

    init(reserved: Set<String>, suffix: String, ignoresCase: Bool = false) {
        self.reserved = reserved
        self.suffix = suffix
        self.ignoresCase = ignoresCase
    }

    /// The wanted name, or one made from it that is free.
    mutating func claim(_ wanted: String) -> String {
        let base = reserved.contains(wanted) ? wanted + suffix : wanted
        var name = base
        var number = 2
        while reserved.contains(name) || !taken.insert(ignoresCase ? name.lowercased() : name).inserted {
            name = "\(base)\(number)"
            number += 1
        }
        return name
    }
}

/// Names that mean something in the generated text.
enum ReservedNames {
    /// Names of types: those of Swift, of the modules in use, and of what each model holds.
    static let types: Set<String> = [
        "Any", "AnyObject", "Array", "Bool", "Character", "Codable", "Comparable", "CustomStringConvertible", "Data",
        "Date",
        "Decodable", "Dictionary", "Double", "Encodable", "Equatable", "Error", "Float", "Hashable", "Hasher",
        "Identifiable",
        "Int", "Int16", "Int32", "Int64", "Int8", "Iterator", "Never", "Optional", "Protocol", "Range",
        "RawRepresentable",
        "Result", "Self", "Sendable", "Sequence", "Set", "String", "Substring", "Swift", "Task", "Type", "UInt",
        "UInt32",
        "UInt64", "UUID", "Void",
        "ID", "RawValue", "Key", "Insert", "Patch", "Columns", "Model",
        "Change", "Column", "Condition", "DataModels", "FoundationEssentials", "KeyedModel", "ModelField",
        "ModelFieldList",
        "ModelInsert", "ModelKey", "ModelPatch", "ModelStatement", "ModelRegistry", "NullableChange", "OpenEnum",
        "Relation",
        "RowModel", "SQLName", "TableModel",
        "FieldReader", "JSONColumn", "JSONText", "OID", "PostgresArray", "PostgresArrayDimension", "PostgresBytes",
        "PostgresDate", "PostgresInet", "PostgresInterval", "PostgresNumeric", "PostgresPoint", "PostgresTime",
        "PostgresTimestamp", "PostgresTimestampTZ", "PostgresTypes", "PostgresValue", "PostgresValueError", "SQLState",
        "ServerVersion",
    ]

    /// Names of members of a row, its key, its insert and its patch.
    static let properties: Set<String> = ["fields", "hashValue", "init", "isEmpty", "key", "self", "statement"]

    /// Names of members of an open enum; `none` and `some` would be taken for those of an optional.
    static let labels: Set<String> = [
        "description", "hash", "hashValue", "init", "isKnown", "known", "knownLabels", "none", "postgresText",
        "rawValue",
        "self", "some",
    ]

    private static let keywords: Set<String> = [
        "as", "associatedtype", "await", "break", "case", "catch", "class", "continue", "default", "defer", "deinit",
        "do",
        "else", "enum", "extension", "fallthrough", "false", "fileprivate", "for", "func", "guard", "if", "import",
        "in",
        "inout", "internal", "is", "let", "nil", "operator", "precedencegroup", "private", "protocol", "public",
        "repeat",
        "rethrows", "return", "static", "struct", "subscript", "super", "switch", "throw", "throws", "true", "try",
        "typealias", "var", "where", "while",
    ]

    /// A name as it stands in the text: a word of the language in backticks.
    static func written(_ name: String) -> String { keywords.contains(name) ? "`\(name)`" : name }
}
