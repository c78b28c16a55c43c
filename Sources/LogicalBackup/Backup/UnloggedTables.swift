import CatalogInspection
import Diagnostics

/// Unlogged tables on a replica: the catalog has them, and their rows are on the primary alone.
///
/// Such a table has no file there. It has no pages then, and would pass for an empty one.
enum UnloggedTables {
    /// Stops when rows would be missing from the backup.
    ///
    /// - Parameters:
    ///   - tables: All tables.
    ///   - server: Where they are read.
    /// - Throws: ``BackupError`` of class refused, naming them.
    static func refuse(_ tables: [TableInfo], seenBy server: ServerDescription) throws {
        guard server.isInRecovery || server.notReadable["isInRecovery"] != nil else { return }
        let unlogged = tables.filter { $0.isUnlogged && $0.kind == .ordinary }.map(\.displayName)
        guard let first = unlogged.first else { return }
        let named = unlogged.prefix(3).joined(separator: ", ")
        let more = unlogged.count > 3 ? " and \(unlogged.count - 3) more" : ""
        throw BackupError(
            code: "backup.unlogged-on-replica",
            summary: "This server is a replica, and a replica has no rows of unlogged tables: \(named)\(more)."
                + " Nothing was backed up.",
            remedy: Remedy(
                "Back up the primary, or make the table a logged one there:",
                command: "ALTER TABLE \(first) SET LOGGED"),
            failureClass: .refused
        )
    }
}
