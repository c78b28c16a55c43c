public import PostgresClient
import PostgresTypes

/// Reads publications with their tables, row filters and column lists.
public enum PublicationQuery: Sendable {
    /// The publications by name.
    ///
    /// Row filters, column lists and schemas exist since PostgreSQL 15; an older server has none.
    ///
    /// - Parameter session: A session.
    /// - Returns: The publications.
    /// - Throws: `PostgresError`, but not for a missing right.
    public static func publications(in session: Session) async throws -> CatalogReading<PublicationInfo> {
        let knowsFilters = session.serverVersion.major >= 15
        return try await .reading(in: session) { session in
            var tables: [String: [PublishedTable]] = [:]
            for row in try await session.query(Query(unsafeSQL: tableSQL(knowsFilters: knowsFilters))) {
                let columns: String? = try row.optional("columns")
                tables[try row.value("pubname"), default: []].append(
                    PublishedTable(
                        schema: try row.value("nspname"),
                        name: try row.value("relname"),
                        columns: columns?.split(separator: "\n").map(String.init),
                        rowFilter: try row.optional("row_filter")
                    )
                )
            }
            return try await session.query(Query(unsafeSQL: publicationSQL(knowsSchemas: knowsFilters))).map { row in
                let name: String = try row.value("pubname")
                let operations: [(String, String)] = [
                    ("pubinsert", "insert"), ("pubupdate", "update"), ("pubdelete", "delete"),
                    ("pubtruncate", "truncate"),
                ]
                return PublicationInfo(
                    name: name,
                    owner: try row.value("owner"),
                    isForAllTables: try row.value("puballtables"),
                    operations: try operations.filter { try row.value($0.0) }.map(\.1),
                    publishesViaRoot: try row.value("pubviaroot"),
                    schemas: try row.value("schemas", as: String.self).split(separator: "\n").map(String.init),
                    tables: tables[name] ?? []
                )
            }
        }
    }

    private static func publicationSQL(knowsSchemas: Bool) -> String {
        let schemas =
            knowsSchemas
            ? """
            coalesce((select pg_catalog.string_agg(n.nspname, E'\\n' order by n.nspname collate "C")
              from pg_catalog.pg_publication_namespace s join pg_catalog.pg_namespace n on n.oid = s.pnnspid
              where s.pnpubid = p.oid), '')
            """ : "''"
        return """
            select p.pubname, pg_catalog.pg_get_userbyid(p.pubowner) as owner, p.puballtables, p.pubinsert, p.pubupdate,
              p.pubdelete, p.pubtruncate, p.pubviaroot, \(schemas) as schemas
            from pg_catalog.pg_publication p order by p.pubname collate "C"
            """
    }

    private static func tableSQL(knowsFilters: Bool) -> String {
        let filters =
            knowsFilters
            ? """
            pg_catalog.pg_get_expr(r.prqual, r.prrelid) as row_filter,
            (select pg_catalog.string_agg(a.attname, E'\\n' order by a.attnum) from pg_catalog.pg_attribute a
             where r.prattrs is not null and a.attrelid = r.prrelid and a.attnum = any (r.prattrs)) as columns
            """ : "null as row_filter, null as columns"
        return """
            select p.pubname, n.nspname, c.relname, \(filters)
            from pg_catalog.pg_publication_rel r join pg_catalog.pg_publication p on p.oid = r.prpubid
              join pg_catalog.pg_class c on c.oid = r.prrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            order by p.pubname collate "C", n.nspname collate "C", c.relname collate "C"
            """
    }
}
