import Diagnostics
import PostgresClient
import PostgresTypes
import SQLText

/// Indexes that a failed concurrent build left behind: they cost every write and answer no question.
enum InvalidIndexes {
    /// The invalid indexes whose names stand in the statements.
    ///
    /// - Parameters:
    ///   - statements: The statements that build indexes.
    ///   - session: A session to the database.
    /// - Returns: Names with their schemas, quoted where needed.
    /// - Throws: `PostgresError`.
    static func named(in statements: [Statement], _ session: Session) async throws -> [String] {
        let rows = try await session.query(
            """
            select c.relname::text as name,
                   pg_catalog.format('%I.%I', n.nspname, c.relname) as full_name
            from pg_catalog.pg_index i
            join pg_catalog.pg_class c on c.oid = i.indexrelid
            join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            where not i.indisvalid and c.relkind = 'i'
            order by 2
            """)
        let text = statements.map { $0.text.lowercased() }.joined(separator: "\n")
        return try rows.compactMap { row in
            let name = try row.value("name", as: String.self)
            return text.contains(name.lowercased()) ? try row.value("full_name", as: String.self) : nil
        }
    }
}

extension MigrationError {
    /// A concurrent build "succeeded" because an invalid index of that name exists.
    static func invalidIndex(
        _ names: [String],
        _ file: MigrationFile,
        _ applied: [MigrationFileName]
    ) -> MigrationError {
        let list = names.joined(separator: ", ")
        let span = file.up.first.map { file.span(utf8Offset: $0.utf8Range.lowerBound) }
        return MigrationError(
            code: "migration.invalid-index",
            summary:
                "\(span?.description ?? file.path): The index \(list) exists, but is INVALID: an earlier build of it "
                + "failed or still runs. The file is not recorded as applied. \(MigrationFailure.before(applied))",
            remedy: .dropInvalid(names), span: span)
    }
}

extension Remedy {
    static func dropInvalid(_ names: [String]) -> Remedy {
        Remedy(
            "Drop what the failed build left (DROP INDEX CONCURRENTLY \(names.joined(separator: ", "));), remove the reason "
                + "of the failure, and run again:", command: "wheels-db migrate up")
    }
}
