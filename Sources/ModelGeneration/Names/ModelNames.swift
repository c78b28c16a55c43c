/// The Swift names of everything in a catalog: decided together, so that no two are the same.
struct ModelNames {
    /// The names of one relation and what belongs to it.
    struct OfRelation {
        /// The type of a row.
        let type: String
        /// The property of each column.
        let properties: [String: String]
        /// The open enum of each column that has one.
        let enums: [String: String]
    }

    private(set) var relations: [ModelRelation: OfRelation] = [:]
    private(set) var enums: [ModelEnum: String] = [:]

    /// The names of a catalog.
    init(_ catalog: ModelCatalog) {
        var table = NameTable(reserved: ReservedNames.types, suffix: "Row", ignoresCase: true)
        let wanted = catalog.relations.map { Self.wanted($0.schema, $0.name, in: catalog) }
        let singular = wanted.map { SwiftName.upper(Singular.words($0)).lowercased() }
        // Two tables whose names differ in the plural alone both keep theirs, so that neither depends on the other.
        let counts = Dictionary(singular.map { ($0, 1) }, uniquingKeysWith: +)
        var types: [String] = []
        for (words, singular) in zip(wanted, singular) {
            types.append(table.claim(SwiftName.upper(counts[singular] == 1 ? Singular.words(words) : words)))
        }
        for type in catalog.enums {
            let name = SwiftName.upper(Self.wanted(type.schema, type.name, in: catalog))
            enums[type] = table.claim(types.contains(name) ? name + "Value" : name)
        }
        let global = ReservedNames.types.union(types).union(enums.values)
        for (relation, type) in zip(catalog.relations, types) {
            relations[relation] = Self.names(of: relation, type: type, global: global)
        }
    }

    private static func wanted(_ schema: String, _ name: String, in catalog: ModelCatalog) -> [String] {
        let isBare = schema == catalog.schemas.first
        return (isBare ? [] : SwiftName.words(of: schema)) + SwiftName.words(of: name)
    }

    private static func names(of relation: ModelRelation, type: String, global: Set<String>) -> OfRelation {
        var properties = NameTable(reserved: ReservedNames.properties, suffix: "Column")
        var enums = NameTable(reserved: global, suffix: "Value")
        var nameOfColumn: [String: String] = [:]
        var enumOfColumn: [String: String] = [:]
        for column in relation.columns {
            nameOfColumn[column.name] = properties.claim(SwiftName.lower(column.name))
            if column.hasOpenEnum { enumOfColumn[column.name] = enums.claim(SwiftName.upper(column.name)) }
        }
        return OfRelation(type: type, properties: nameOfColumn, enums: enumOfColumn)
    }

    /// The static members of an open enum, in the order of its labels.
    static func labels(_ labels: [String], ofType type: String) -> [(label: String, name: String)] {
        var table = NameTable(reserved: ReservedNames.labels, suffix: "Label")
        return labels.map { label in
            let name = SwiftName.lower(label)
            // `static let adminRole` in a type `Role` would say it twice; the linter refuses it.
            let repeats = name.lowercased().hasSuffix(type.lowercased()) && name.count > type.count
            return (label, table.claim(repeats ? name + "Label" : name))
        }
    }
}

extension ModelColumn {
    /// The texts that the column may hold become an open enum of its own.
    var hasOpenEnum: Bool { !labels.isEmpty && TypeMapping.isText(type) }
}
