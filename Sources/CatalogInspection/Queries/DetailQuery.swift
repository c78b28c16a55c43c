public import PostgresClient
import PostgresTypes
import SQLText

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

    /// The installed extensions by name, PL/pgSQL left out.
    ///
    /// - Parameter session: A session.
    /// - Returns: The extensions.
    /// - Throws: `PostgresError`.
    public static func extensions(in session: Session) async throws -> [ExtensionInfo] {
        let sql = """
            select e.extname, n.nspname, e.extversion from pg_catalog.pg_extension e
            join pg_catalog.pg_namespace n on n.oid = e.extnamespace where e.extname <> 'plpgsql' order by 1
            """
        return try await session.query(Query(unsafeSQL: sql)).map { row in
            ExtensionInfo(
                name: try row.value("extname"),
                schema: try row.value("nspname"),
                version: try row.value("extversion")
            )
        }
    }

    /// The large objects by number.
    ///
    /// - Parameter session: A session.
    /// - Returns: The large objects.
    /// - Throws: `PostgresError`.
    public static func largeObjects(in session: Session) async throws -> [LargeObjectInfo] {
        let sql = """
            select l.oid, pg_catalog.pg_get_userbyid(l.lomowner) as owner,
              pg_catalog.obj_description(l.oid, 'pg_largeobject') as comment
            from pg_catalog.pg_largeobject_metadata l order by l.oid
            """
        return try await session.query(Query(unsafeSQL: sql)).map { row in
            LargeObjectInfo(
                oid: try row.value("oid"),
                owner: try row.value("owner"),
                comment: try row.optional("comment")
            )
        }
    }

    /// Triggers and policies that developers have put on managed tables.
    ///
    /// The owner tells nothing, for it is always the table's: a trigger is the user's when its function stands outside
    /// the managed schemas; Supabase makes no policies on `auth`, `storage` and `realtime` itself.
    ///
    /// - Parameter session: A session.
    /// - Returns: The objects by description.
    /// - Throws: `PostgresError`.
    public static func userObjectsOnManagedTables(in session: Session) async throws -> [UserObjectOnManagedTable] {
        let managed = ManagedSchemas.names.sorted().map { SQLQuoting.literal($0) }.joined(separator: ", ")
        let sql = """
            select 'pg_catalog.pg_trigger'::regclass::oid as catalog, t.oid,
              pg_catalog.format('trigger %I on %I.%I', t.tgname, n.nspname, c.relname) as description
            from pg_catalog.pg_trigger t join pg_catalog.pg_class c on c.oid = t.tgrelid
              join pg_catalog.pg_namespace n on n.oid = c.relnamespace
              join pg_catalog.pg_proc p on p.oid = t.tgfoid join pg_catalog.pg_namespace pn on pn.oid = p.pronamespace
            where not t.tgisinternal and n.nspname in (\(managed)) and pn.nspname not in (\(managed))
              and pn.nspname <> 'pg_catalog'
            union all
            select 'pg_catalog.pg_policy'::regclass::oid, o.oid,
              pg_catalog.format('policy %I on %I.%I', o.polname, n.nspname, c.relname)
            from pg_catalog.pg_policy o join pg_catalog.pg_class c on c.oid = o.polrelid
              join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            where n.nspname in ('auth', 'storage', 'realtime')
            order by 3
            """
        return try await session.query(Query(unsafeSQL: sql)).map { row in
            UserObjectOnManagedTable(
                catalog: try row.value("catalog"),
                oid: try row.value("oid"),
                description: try row.value("description")
            )
        }
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
