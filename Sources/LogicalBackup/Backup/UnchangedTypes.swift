import CatalogInspection
import Diagnostics
import PostgresClient
import PostgresTypes

/// That no type was changed while rows were read.
///
/// The locks on tables do not hold their types, and a snapshot does not either: the server writes the label that an enum
/// has at the moment of the COPY, whatever the snapshot says. So the types are looked at once more, from outside of it.
enum UnchangedTypes {
    /// Stops when the values that were read may not be those of the snapshot.
    ///
    /// - Parameters:
    ///   - tables: What was read.
    ///   - types: The types as the snapshot has them.
    ///   - session: A session outside of a transaction.
    /// - Throws: ``BackupError`` of class locked, naming the type; `PostgresError`.
    static func check(_ tables: [TableReading], types: TypeCatalog, seenBy session: Session) async throws {
        let now = try await TypeQuery.types(in: session)
        let used = Set(tables.flatMap(\.record.columns).map(\.type))
        let changed = used.sorted { $0.number < $1.number }.first { type in
            types.shapes(of: type) != now.shapes(of: type)
                || !Set(types.labels(of: type)).isSubset(of: now.labels(of: type))
        }
        guard let changed, let type = types[changed] else { return }
        throw BackupError(
            code: "backup.types-changed",
            summary: "Type \(type.schema).\(type.name), or a type within it, was changed while its values were read."
                + " Nothing was stored as a backup.",
            remedy: Remedy(
                "Wait until the deploy or migration is over, then start the backup again:",
                command: "wheels-db backup create"),
            failureClass: .locked
        )
    }
}
