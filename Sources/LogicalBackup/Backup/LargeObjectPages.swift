import CatalogInspection
import Diagnostics
import PostgresClient

/// Large objects as rows: the pages of `pg_largeobject`.
enum LargeObjectPages {
    /// Stops when there are large objects and the role may not read their pages.
    static func refuseUnreadable(_ objects: [LargeObjectInfo], seenBy session: Session) async throws {
        guard !objects.isEmpty else { return }
        guard try await !areReadable(by: session) else { return }
        throw BackupError(
            code: "backup.large-objects-unreadable",
            summary: "There are \(objects.count) large objects, and the role may not read pg_largeobject.",
            remedy: Remedy("As a superuser run:", command: "GRANT pg_read_all_data TO CURRENT_USER"),
            failureClass: .permission
        )
    }

    /// The catalog that holds them.
    static let name = "pg_catalog.pg_largeobject"

    /// Whether the role may read the pages.
    static func areReadable(by session: Session) async throws -> Bool {
        let sql = "select pg_catalog.has_table_privilege('\(name)', 'select')::text"
        return try await session.query(Query(unsafeSQL: sql)).first?[0] == "true"
    }
}
