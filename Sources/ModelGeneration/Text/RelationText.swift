/// The parts of a relation's model as text.
struct RelationText {
    /// A column with its names in Swift.
    struct Column {
        let column: ModelColumn
        /// The property as it is written, in backticks where needed.
        let property: String
        /// The type of its values.
        let type: String
        let modules: Set<String>
        /// The modules that make the type a `PostgresValue`: none for an enum of the models' own.
        let conformanceModules: Set<String>

        init(_ column: ModelColumn, property: String, types: [TypeMapping.SwiftType]) {
            self.column = column
            self.property = property
            type = types.count > 1 ? "\(types[0].name)<\(types[1].name)>" : types[0].name
            modules = Set(types.compactMap(\.module))
            conformanceModules = types.allSatisfy(\.isGenerated) ? [] : modules.union([TypeMapping.types])
        }

        /// The column's name as a literal.
        var literal: String { SourceText.literal(column.name) }

        /// The column in a sentence: name, type, and whether it may be null.
        var sentence: String {
            let nullability = column.isNotNull ? "never null" : "may be null"
            let source =
                switch column.source {
                case .given: ""
                case .defaulted: ", has a default"
                case .computed: ", computed by the server"
                }
            return "`\(column.name)`, `\(column.sqlType)`, \(nullability)\(source)."
        }
    }

    let relation: ModelRelation
    let type: String
    let columns: [Column]
    /// The open enums of columns.
    let enums: [(column: ModelColumn, type: String)]

    init(_ relation: ModelRelation, names: ModelNames.OfRelation, enums: [[String]: String]) {
        self.relation = relation
        type = names.type
        columns = relation.columns.map { column in
            let property = ReservedNames.written(names.properties[column.name] ?? column.name)
            let types =
                names.enums[column.name].map { [TypeMapping.SwiftType(name: $0, module: nil, isGenerated: true)] }
                ?? TypeMapping.swiftTypes(column.type, enums: enums)
            return Column(column, property: property, types: types)
        }
        self.enums = relation.columns.compactMap { column in names.enums[column.name].map { (column, $0) } }
    }

    /// The parts in the order of the file.
    var sections: [SourceSection] {
        let read = [row] + reading + (key.map { [$0] } ?? []) + openEnums + [typedColumns]
        return relation.kind == .table ? read + [insert, patch] : read
    }

    private var displayName: String { "`\(relation.schema).\(relation.name)`" }
    private var keyColumns: [Column] {
        relation.primaryKey.compactMap { name in columns.first { $0.column.name == name } }
    }
    private var isKeyed: Bool { relation.kind == .table && !keyColumns.isEmpty }
}

// MARK: - Reading

extension RelationText {
    private var row: SourceSection {
        var section = SourceSection()
        section.document(relation.comment ?? description)
        if relation.comment != nil {
            section.add("///")
            section.document(description)
        }
        let conformance = isKeyed ? "KeyedModel" : relation.kind == .table ? "TableModel" : "RowModel"
        section.add("public struct \(type): \(conformance) {")
        section.document("Schema and name.", 1)
        let names = "schema: \(SourceText.literal(relation.schema)), name: \(SourceText.literal(relation.name))"
        section.add("public static let relation = Relation(\(names))", 1)
        section.document("The columns in the order of the table.", 1)
        section.addTexts("columnNames", columns.map(\.literal), 1)
        if !columns.isEmpty { section.add("") }
        for column in columns {
            section.document(column.column.comment ?? column.sentence, 1)
            section.add("public let \(column.property): \(column.type)\(column.column.isNotNull ? "" : "?")", 1)
            section.modules.formUnion(column.modules)
        }
        if !isWide {
            section.add("")
            addInit(to: &section)
        }
        if isKeyed {
            section.add("")
            let arguments = keyColumns.map { "\($0.property): \($0.property)" }.joined(separator: ", ")
            section.document("The row's primary key.", 1)
            section.add("public var key: Key { Key(\(arguments)) }", 1)
        }
        section.add("}")
        return section
    }

    /// What a row is, as a sentence.
    private var description: String {
        guard relation.kind == .table else { return "A row of the view \(displayName), which can only be read." }
        let names = keyColumns.map { "`\($0.column.name)`" }.joined(separator: ", ")
        return "A row of the table \(displayName)\(names.isEmpty ? ", which has no key" : " with the key \(names)")."
    }

    /// So many columns that reading them stands in a part of its own.
    private var isWide: Bool { columns.count > 85 }

    private var reading: [SourceSection] {
        guard isWide else { return [] }
        var section = SourceSection(suffix: "+Reading")
        section.add("extension \(type) {")
        addInit(to: &section)
        section.add("}")
        return [section]
    }

    private func addInit(to section: inout SourceSection) {
        section.modules.insert(TypeMapping.types)
        section.document("Reads a row, whose fields are found by name.", 1)
        let head = "public init(from row: some FieldReader) throws(PostgresValueError) {"
        guard !columns.isEmpty else { return section.add(head + "}", 1) }
        section.add(head, 1)
        let owner = columns.contains { $0.property == "row" } ? "self." : ""
        for column in columns {
            let call = column.column.isNotNull ? "value" : "optional"
            section.add("\(owner)\(column.property) = try row.\(call)(\(column.literal))", 2)
        }
        section.add("}", 1)
    }

    private var openEnums: [SourceSection] {
        enums.map { column, name in
            var section = SourceSection(suffix: "+\(name)")
            section.add("extension \(type) {")
            EnumText.add(
                to: &section, name: name, summary: "What `\(column.name)` can be.", labels: column.labels, level: 1)
            section.add("}")
            return section
        }
    }

    private var typedColumns: SourceSection {
        var section = SourceSection(suffix: "+Columns")
        section.add("extension \(type) {")
        section.document("The columns of \(displayName) with the types of their values.", 1)
        section.add("public enum Columns: Sendable {", 1)
        for column in columns {
            section.document(column.sentence, 2)
            section.add(
                "public static let \(column.property) = Column<\(type), \(column.type)>(\(column.literal))", 2)
            section.modules.formUnion(column.modules.union(column.conformanceModules))
        }
        section.add("}", 1)
        section.add("}")
        return section
    }
}

// MARK: - Writing

extension RelationText {
    private var key: SourceSection? {
        guard isKeyed else { return nil }
        var section = SourceSection(suffix: "+Key")
        section.add("extension \(type) {")
        section.document("The primary key of \(displayName).", 1)
        section.add("public struct Key: ModelKey {", 1)
        addModel("The row it is the key of.", to: &section)
        for column in keyColumns {
            section.document(column.sentence, 2)
            section.add("public let \(column.property): \(column.type)", 2)
            section.modules.formUnion(column.modules)
        }
        section.add("")
        section.document("A key of the values of its columns.", 2)
        section.add("public init(\(keyColumns.map { "\($0.property): \($0.type)" }.joined(separator: ", "))) {", 2)
        for column in keyColumns { section.add("self.\(column.property) = \(column.property)", 3) }
        section.add("}", 2)
        section.add("")
        addFields(keyColumns, to: &section)
        section.add("}", 1)
        section.add("}")
        return section
    }

    private var insert: SourceSection {
        var section = SourceSection(suffix: "+Insert")
        let given = columns.filter { $0.column.source != .computed }
        section.add("extension \(type) {")
        section.document("The values of a new row of \(displayName).", 1)
        section.add("public struct Insert: ModelInsert {", 1)
        addModel("The row it becomes.", to: &section)
        section.document("The columns that get a value, with it.", 2)
        section.add("public let fields: [ModelField]", 2)
        section.add("")
        section.document("The values of a new row: what is left out gets its default, or NULL.", 2)
        guard !given.isEmpty else {
            section.add("public init() { fields = [] }", 2)
            section.add("}", 1)
            section.add("}")
            return section
        }
        section.add("public init(", 2)
        for (index, column) in given.enumerated() {
            let comma = index == given.count - 1 ? "" : ","
            section.add("\(column.property): \(insertType(column))\(comma)", 3)
            section.modules.formUnion(column.modules)
            if isThreeState(column) { section.modules.formUnion(column.conformanceModules) }
        }
        section.add(") {", 2)
        section.add("fields = ModelField.list {", 3)
        for column in given { section.add("$0.add(\(column.literal), \(column.property))", 4) }
        section.add("}", 3)
        section.add("}", 2)
        section.add("}", 1)
        section.add("}")
        return section
    }

    /// The type of a new row's value, and what stands for leaving it out.
    private func insertType(_ column: Column) -> String {
        if isThreeState(column) { return "NullableChange<\(column.type)> = .leave" }
        let isRequired = column.column.isNotNull && column.column.source == .given
        return isRequired ? column.type : "\(column.type)? = nil"
    }

    /// A new row can leave the column to its default, or set it to NULL, or to a value.
    private func isThreeState(_ column: Column) -> Bool {
        !column.column.isNotNull && column.column.source == .defaulted
    }

    private var patch: SourceSection {
        var section = SourceSection(suffix: "+Patch")
        let given = columns.filter { $0.column.source != .computed }
        section.add("extension \(type) {")
        section.document("What changes in a row of \(displayName).", 1)
        section.add("public struct Patch: ModelPatch {", 1)
        addModel("The row that changes.", to: &section)
        for column in given {
            let change = column.column.isNotNull ? "Change" : "NullableChange"
            section.document("What becomes of `\(column.column.name)`.", 2)
            section.add("public var \(column.property): \(change)<\(column.type)> = .leave", 2)
            section.modules.formUnion(column.modules.union(column.conformanceModules))
        }
        section.add("")
        section.document("A patch that changes nothing.", 2)
        section.add("public init() {}", 2)
        section.add("")
        addFields(given, to: &section)
        section.add("}", 1)
        section.add("}")
        return section
    }

    private func addModel(_ summary: String, to section: inout SourceSection) {
        section.document(summary, 2)
        section.add("public typealias Model = \(type)", 2)
    }

    private func addFields(_ columns: [Column], to section: inout SourceSection) {
        section.document("The columns that get a value, with it.", 2)
        guard !columns.isEmpty else {
            section.add("public var fields: [ModelField] { [] }", 2)
            return
        }
        section.add("public var fields: [ModelField] {", 2)
        section.add("ModelField.list {", 3)
        for column in columns { section.add("$0.add(\(column.literal), \(column.property))", 4) }
        section.add("}", 3)
        section.add("}", 2)
    }
}
