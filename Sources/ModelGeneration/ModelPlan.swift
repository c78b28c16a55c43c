public import PostgresClient

/// The models of a database as files: a value that depends on the names and types of the catalog alone, neither on the
/// server's version nor on object identifiers.
///
/// ```swift
/// let plan = try await ModelPlan.read(session)
/// let folder = try ModelFolder.read("Sources/DataModels/Tables")
/// for difference in plan.differences(from: folder) { print(difference.finding.message) }
/// ```
public struct ModelPlan: Hashable, Sendable {
    /// The files by name.
    public let files: [ModelFile]

    /// The models of a catalog.
    ///
    /// - Parameter catalog: The relations and enums.
    public init(_ catalog: ModelCatalog) {
        let names = ModelNames(catalog)
        let enums = Dictionary(names.enums.map { ([$0.key.schema, $0.key.name], $0.value) }) { first, _ in first }
        var files: [ModelFile] = []
        var types: [String] = []
        for relation in catalog.relations {
            guard let own = names.relations[relation] else { continue }
            types.append(own.type)
            files += ModelFile.files(named: own.type, RelationText(relation, names: own, enums: enums).sections)
        }
        for type in catalog.enums {
            guard let name = names.enums[type] else { continue }
            files += ModelFile.files(named: name, [EnumText.section(type, name: name)])
        }
        files += ModelFile.files(named: "ModelRegistry", [Self.registry(types)])
        self.files = files.sorted { $0.name < $1.name }
    }

    /// The models of a database.
    ///
    /// - Parameters:
    ///   - session: A session that is in no transaction.
    ///   - schemas: The schemas of the data API.
    /// - Returns: The plan.
    /// - Throws: ``ModelError`` when a schema does not exist; `PostgresError`.
    public static func read(_ session: Session, schemas: [String] = ["public"]) async throws -> ModelPlan {
        ModelPlan(try await ModelCatalogQuery.read(session, schemas: schemas))
    }

    private static func registry(_ types: [String]) -> SourceSection {
        var section = SourceSection()
        section.document("Every model, for work that concerns them all.")
        section.add("public enum ModelRegistry: Sendable {")
        section.document("The models of all tables and views.", 1)
        if types.isEmpty {
            section.add("public static let all: [any RowModel.Type] = []", 1)
        } else {
            section.add("public static let all: [any RowModel.Type] = [", 1)
            for type in types { section.add("\(type).self,", 2) }
            section.add("]", 1)
        }
        section.add("}")
        return section
    }
}
