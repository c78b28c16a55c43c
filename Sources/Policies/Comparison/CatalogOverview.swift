import PostgresClient
import PostgresTypes

/// Every relation of a database with its digest and the names of its policies; read without a lock on any of them.
struct CatalogOverview: Sendable {
    struct Entry: Sendable, Hashable {
        let relation: RelationName
        let oid: OID
        let digest: String
        let policyNames: [String]
    }

    let entries: [RelationName: Entry]

    /// Reads the overview.
    static func read(from session: Session) async throws -> CatalogOverview {
        let rows = try await session.query(
            """
            select c.oid, n.nspname, c.relname, \(unsafeSQL: CatalogDigest.sql) as digest,
              coalesce((select pg_catalog.string_agg(p.polname::text, E'\\n' order by p.polname collate "C")
                from pg_catalog.pg_policy p where p.polrelid = c.oid), '') as policies
            from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            where c.relkind in ('r', 'p', 'v', 'm', 'f') and c.relpersistence <> 't'
              and n.nspname not in ('pg_catalog', 'information_schema', 'wheels_migrations')
              and n.nspname not like 'pg\\_toast%' and n.nspname not like 'pg\\_temp%'
              and not exists (select from pg_catalog.pg_depend d
                where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.objid = c.oid and d.deptype = 'e')
            """)
        let entries = try rows.map { row in
            Entry(
                relation: RelationName(schema: try row.value("nspname"), name: try row.value("relname")),
                oid: try row.value("oid"), digest: try row.value("digest"),
                policyNames: try row.value("policies", as: String.self).split(separator: "\n").map(String.init))
        }
        return CatalogOverview(entries: Dictionary(entries.map { ($0.relation, $0) }) { first, _ in first })
    }

    /// The digest of one relation as it is now; `nil` when it is gone.
    static func digest(of oid: OID, in session: Session) async throws -> String? {
        try await session.query(
            "select \(unsafeSQL: CatalogDigest.sql) as digest from pg_catalog.pg_class c where c.oid = \(oid)::oid"
        ).first?.value("digest", as: String.self)
    }
}
