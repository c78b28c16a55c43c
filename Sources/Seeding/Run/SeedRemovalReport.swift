import CatalogInspection
public import Diagnostics
import PostgresClient
import PostgresTypes

/// What was removed.
public struct SeedRemovalReport: Sendable {
    /// What one table lost.
    public struct Table: Sendable, Encodable, Equatable {
        /// Schema and name.
        public let name: String
        /// Seeded rows that were removed.
        public let removed: Int
    }

    /// The tables, referenced ones first.
    public let tables: [Table]
    /// Rows of others that went as well, and files that stayed.
    public let findings: [Finding]
    /// How long it took.
    public let duration: Duration

    /// All rows that were removed.
    public var removed: Int { tables.reduce(0) { $0 + $1.removed } }
}

/// Files that people stored while signed in as a seeded account.
///
/// They stay: a DELETE in SQL would leave the files behind without their rows, and Supabase's trigger refuses it.
enum StoredFiles: Sendable {
    static func finding(in session: Session) async throws -> [Finding] {
        let there = try await session.query(
            """
            select exists (select from pg_catalog.pg_attribute a
              where a.attrelid = pg_catalog.to_regclass('storage.objects') and a.attname = 'owner_id'
                and not a.attisdropped) as there
            """)
        guard try there.first?.value("there") == true else { return [] }
        let rows = try await session.query(
            """
            select pg_catalog.count(*)::text as files from storage.objects o
            where o.owner_id in (select u.id::text from auth.users u where \(unsafeSQL: SeedIdentity.accounts.condition))
            """)
        let files: Int = try rows.first?.value("files") ?? 0
        guard files > 0 else { return [] }
        return [
            Finding(
                code: "seed.files-stay", severity: .warning, subject: "storage.objects",
                message: "\(files) \(files == 1 ? "file" : "files") of seeded accounts stay in storage.objects.",
                remedy: Remedy("Remove them in the dashboard or through the Storage API, which also removes the bytes.")
            )
        ]
    }
}
