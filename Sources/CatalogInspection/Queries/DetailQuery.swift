public import PostgresClient
import PostgresTypes

/// Reads what stands beside tables: materialized views, extensions, large objects, additions to managed tables.
public enum DetailQuery: Sendable {
    /// The materialized views, each after those it reads.
    ///
    /// - Parameter session: A session.
    /// - Returns: The views in the order in which they can be refreshed.
    /// - Throws: `PostgresError`.
    public static func materializedViews(in session: Session) async throws -> [MaterializedViewInfo] {
        let views = try await session.query(Query(unsafeSQL: materializedViewSQL)).map { row in
            MaterializedViewInfo(
                schema: try row.value("nspname"),
                name: try row.value("relname"),
                isPopulated: try row.value("relispopulated"),
                oid: try row.value("oid")
            )
        }
        guard !views.isEmpty else { return [] }
        var reads: [OID: Set<OID>] = [:]
        for row in try await session.query(Query(unsafeSQL: viewDependencySQL)) {
            reads[try row.value("reader"), default: []].insert(try row.value("source"))
        }
        return DependencyOrder.sorted(views, id: \.oid, dependencies: reads)
    }

    /// The names of all schemas, the system's left out.
    ///
    /// - Parameter session: A session.
    /// - Returns: The names.
    /// - Throws: `PostgresError`.
    public static func schemas(in session: Session) async throws -> [String] {
        let sql = """
            select nspname from pg_catalog.pg_namespace where nspname not like 'pg\\_%' and nspname <> 'information_schema'
            order by 1
            """
        return try await session.query(Query(unsafeSQL: sql)).map { try $0.value("nspname") }
    }

    private static let materializedViewSQL = """
        select c.oid, n.nspname, c.relname, c.relispopulated
        from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where c.relkind = 'm' order by n.nspname, c.relname
        """

    private static let viewDependencySQL = """
        select distinct r.ev_class as reader, d.refobjid as source
        from pg_catalog.pg_rewrite r
          join pg_catalog.pg_depend d on d.classid = 'pg_catalog.pg_rewrite'::regclass and d.objid = r.oid
            and d.refclassid = 'pg_catalog.pg_class'::regclass and d.refobjid <> r.ev_class
          join pg_catalog.pg_class s on s.oid = d.refobjid and s.relkind in ('v', 'm')
        """
}
