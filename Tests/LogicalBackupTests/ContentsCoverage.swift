import CatalogInspection
import PostgresTypes

@testable import LogicalBackup

/// Says which entries of a complete pg_dump a backup does not hold.
///
/// An entry is held when the stored schema has the same one, or when it is one of the few kinds that a schema leaves out
/// by its nature and the manifest names the very object. Any other entry is missing: a kind that a new pg_dump writes, or
/// one that nobody thought of.
struct ContentsCoverage {
    let manifest: BackupManifest
    let stored: [ArchiveEntry]

    /// The lines of a table of contents that the backup does not hold.
    func missing(fromList list: String) -> [String] {
        let held = Set(stored.map(Self.identity))
        return Self.lines(list).filter { line in
            guard let entry = ArchiveEntry.entries(inList: line, schemas: manifest.schemas).first else { return true }
            return !held.contains(Self.identity(entry)) && !manifestHolds(entry)
        }
    }

    /// The lines that name entries.
    static func lines(_ list: String) -> [String] {
        list.split(separator: "\n").map(String.init).filter { !$0.hasPrefix(";") }
    }

    /// What one entry is in two dumps of one database; the number in front differs.
    private static func identity(_ entry: ArchiveEntry) -> String {
        "\(entry.catalog) \(entry.oid) \(entry.kind) \(entry.schema ?? "-") \(entry.rest)"
    }

    private func manifestHolds(_ entry: ArchiveEntry) -> Bool {
        switch entry.kind {
        case "TABLE DATA": manifest.tables.contains { $0.table.displayName == entry.name }
        case "SEQUENCE SET": manifest.sequences.contains { $0.displayName == entry.name }
        case "MATERIALIZED VIEW DATA":
            manifest.materializedViews.contains { "\($0.schema).\($0.name)" == entry.name && $0.isPopulated }
        case "BLOB", "BLOB METADATA": manifest.largeObjects?.objects.contains { "\($0.oid)" == entry.tag } ?? false
        case "BLOBS": manifest.largeObjects.map { !$0.chunks.isEmpty } ?? false
        case "ACL", "COMMENT": holdsAddition(to: entry.tag, isComment: entry.kind == "COMMENT")
        default: false
        }
    }

    /// Grants and comments of large objects, which no schema holds.
    private func holdsAddition(to tag: String, isComment: Bool) -> Bool {
        let prefix = "LARGE OBJECT "
        guard tag.hasPrefix(prefix) else { return false }
        let object = manifest.largeObjects?.objects.first { "\($0.oid)" == tag.dropFirst(prefix.count) }
        return object.map { isComment ? $0.comment != nil : $0.entries.count > 1 } ?? false
    }
}
