public import PostgresClient
import PostgresTypes

/// Reads the tables whose rows belong to the database's owner.
///
/// Tables of extensions are made by `CREATE EXTENSION`; only those an extension has declared as its configuration
/// (`pg_extension.extconfig`) carry rows that a backup must hold.
public enum TableQuery: Sendable {
    /// All ordinary and partitioned tables, with their columns, by schema and name.
    ///
    /// - Parameter session: A session; in a transaction the answer belongs to its snapshot.
    /// - Returns: The tables.
    /// - Throws: `PostgresError`, or `PostgresValueError` for an unexpected catalog.
    public static func tables(in session: Session) async throws -> [TableInfo] {
        var columns: [OID: [ColumnInfo]] = [:]
        for row in try await session.query(Query(unsafeSQL: columnSQL)) {
            let column = ColumnInfo(
                name: try row.value("attname"),
                number: try row.value("attnum"),
                type: try row.value("atttypid"),
                typeName: try row.value("type_name"),
                isGenerated: try row.value("is_generated")
            )
            columns[try row.value("attrelid"), default: []].append(column)
        }
        return try await session.query(Query(unsafeSQL: tableSQL)).map { row in
            let oid: OID = try row.value("oid")
            return TableInfo(
                oid: oid,
                schema: try row.value("nspname"),
                name: try row.value("relname"),
                kind: try row.value("relkind", as: String.self) == "p" ? .partitioned : .ordinary,
                owner: try row.value("owner"),
                filenode: try row.value("filenode"),
                pages: try row.value("pages"),
                isUnlogged: try row.value("is_unlogged"),
                isHeap: try row.value("is_heap"),
                hasRowSecurity: try row.value("relrowsecurity"),
                forcesRowSecurity: try row.value("relforcerowsecurity"),
                partitionRoot: try row.optional("partition_root"),
                rowCondition: DetailQuery.rowCondition(try row.optional("extension_condition")),
                columns: columns[oid] ?? []
            )
        }
    }

    private static let isOurs = """
        c.relkind in ('r', 'p') and c.relpersistence <> 't'
          and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg\\_toast%'
          and n.nspname not like 'pg\\_temp%'
          and (not exists (select from pg_catalog.pg_depend d where d.classid = 'pg_catalog.pg_class'::regclass
                 and d.objid = c.oid and d.deptype = 'e')
               or exists (select from pg_catalog.pg_extension e where c.oid = any (e.extconfig)))
        """

    private static let tableSQL = """
        select c.oid, n.nspname, c.relname, c.relkind, pg_catalog.pg_get_userbyid(c.relowner) as owner,
          coalesce(pg_catalog.pg_relation_filenode(c.oid), 0) as filenode,
          case when c.relkind = 'r' then pg_catalog.pg_relation_size(c.oid) / 8192 else 0 end as pages,
          c.relpersistence = 'u' as is_unlogged, coalesce(a.amname = 'heap', false) as is_heap,
          c.relrowsecurity, c.relforcerowsecurity,
          case when c.relispartition then pg_catalog.pg_partition_root(c.oid)::oid end as partition_root,
          (select e.extcondition[pg_catalog.array_position(e.extconfig, c.oid)] from pg_catalog.pg_extension e
           where c.oid = any (e.extconfig) limit 1) as extension_condition
        from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
          left join pg_catalog.pg_am a on a.oid = c.relam
        where \(isOurs)
        order by n.nspname, c.relname
        """

    private static let columnSQL = """
        select a.attrelid, a.attname, a.attnum, a.atttypid, a.attgenerated <> '' as is_generated,
          pg_catalog.format_type(a.atttypid, a.atttypmod) as type_name
        from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid
          join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where a.attnum > 0 and not a.attisdropped and \(isOurs)
        order by a.attrelid, a.attnum
        """
}
