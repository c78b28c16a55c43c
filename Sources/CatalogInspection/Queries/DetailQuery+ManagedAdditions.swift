public import PostgresClient
import PostgresTypes
import SQLText

extension DetailQuery {
    /// Triggers, policies and foreign keys that developers have put on managed tables.
    ///
    /// The owner tells nothing, for it is always the table's. A trigger is the user's when its function stands outside
    /// the managed schemas; Supabase makes no policies on `auth`, `storage` and `realtime` itself; a foreign key of a
    /// managed table is the user's when it refers to a table outside. Objects of extensions are left out.
    ///
    /// - Parameter session: A session.
    /// - Returns: The objects by description, each with catalog and number as pg_dump's table of contents has them.
    /// - Throws: `PostgresError`.
    public static func userObjectsOnManagedTables(in session: Session) async throws -> [UserObjectOnManagedTable] {
        try await session.query(Query(unsafeSQL: additionSQL)).map { row in
            UserObjectOnManagedTable(
                catalog: try row.value("catalog"),
                oid: try row.value("oid"),
                description: try row.value("description")
            )
        }
    }

    private static let managed = ManagedSchemas.names.sorted().map { SQLQuoting.literal($0) }.joined(separator: ", ")

    private static func notOfExtension(_ catalog: String, _ oid: String) -> String {
        """
        not exists (select from pg_catalog.pg_depend d where d.classid = 'pg_catalog.\(catalog)'::regclass
          and d.objid = \(oid) and d.deptype = 'e')
        """
    }

    private static let additionSQL = """
        select 'pg_catalog.pg_trigger'::regclass::oid as catalog, t.oid,
          pg_catalog.format('trigger %I on %I.%I', t.tgname, n.nspname, c.relname) as description
        from pg_catalog.pg_trigger t join pg_catalog.pg_class c on c.oid = t.tgrelid
          join pg_catalog.pg_namespace n on n.oid = c.relnamespace
          join pg_catalog.pg_proc p on p.oid = t.tgfoid join pg_catalog.pg_namespace pn on pn.oid = p.pronamespace
        where not t.tgisinternal and n.nspname in (\(managed)) and pn.nspname not in (\(managed))
          and pn.nspname <> 'pg_catalog' and \(notOfExtension("pg_trigger", "t.oid"))
        union all
        select 'pg_catalog.pg_policy'::regclass::oid, o.oid,
          pg_catalog.format('policy %I on %I.%I', o.polname, n.nspname, c.relname)
        from pg_catalog.pg_policy o join pg_catalog.pg_class c on c.oid = o.polrelid
          join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where n.nspname in ('auth', 'storage', 'realtime') and \(notOfExtension("pg_policy", "o.oid"))
        union all
        select 'pg_catalog.pg_constraint'::regclass::oid, k.oid,
          pg_catalog.format('foreign key %I on %I.%I', k.conname, n.nspname, c.relname)
        from pg_catalog.pg_constraint k join pg_catalog.pg_class c on c.oid = k.conrelid
          join pg_catalog.pg_namespace n on n.oid = c.relnamespace
          join pg_catalog.pg_class f on f.oid = k.confrelid join pg_catalog.pg_namespace fn on fn.oid = f.relnamespace
        where k.contype = 'f' and k.conparentid = 0 and n.nspname in (\(managed)) and fn.nspname not in (\(managed))
          and \(notOfExtension("pg_constraint", "k.oid"))
        order by 3
        """
}
