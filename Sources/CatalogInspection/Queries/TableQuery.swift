public import PostgresClient
public import PostgresTypes

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

    /// A digest of the columns of each table, dropped ones too: whatever of them decides what stored rows mean.
    ///
    /// - Parameter session: A session; in a transaction the answer belongs to its snapshot.
    /// - Returns: The digests by the number of the table.
    /// - Throws: `PostgresError`.
    public static func columnDigests(in session: Session) async throws -> [OID: String] {
        var digests: [OID: String] = [:]
        for row in try await session.query(Query(unsafeSQL: columnDigestSQL)) {
            digests[try row.value("oid")] = try row.value("digest", as: String.self)
        }
        return digests
    }

    /// The pages of all large objects as a table; it holds rows where there are large objects.
    ///
    /// - Parameter session: A session.
    /// - Returns: The catalog `pg_largeobject`.
    /// - Throws: `PostgresError`.
    public static func largeObjectPages(in session: Session) async throws -> TableInfo {
        let rows = try await session.query(
            """
            select coalesce(pg_catalog.pg_relation_filenode('pg_catalog.pg_largeobject'), 0)::oid as filenode,
              pg_catalog.pg_relation_size('pg_catalog.pg_largeobject') / pg_catalog.current_setting('block_size')::int8 as pages
            """
        )
        func column(_ name: String, _ number: Int, _ type: OID, _ typeName: String) -> ColumnInfo {
            ColumnInfo(name: name, number: number, type: type, typeName: typeName, isGenerated: false)
        }
        return TableInfo(
            oid: OID(2613), schema: "pg_catalog", name: "pg_largeobject", kind: .ordinary, owner: "",
            filenode: try rows.first?.value("filenode") ?? OID(0), pages: try rows.first?.value("pages") ?? 0,
            isUnlogged: false, isHeap: true, hasRowSecurity: false, forcesRowSecurity: false, partitionRoot: nil,
            rowCondition: nil,
            columns: [
                column("loid", 1, OID(26), "oid"), column("pageno", 2, OID(23), "integer"),
                column("data", 3, OID(17), "bytea"),
            ]
        )
    }

    private static let columnDigestSQL = """
        select c.oid, pg_catalog.md5(pg_catalog.string_agg(pg_catalog.format('%s=%s,%s,%s,%s,%s,%s,%s,%s', a.attnum,
          a.attname, a.atttypid, a.atttypmod, a.attcollation, a.attgenerated, a.attisdropped, a.atthasmissing,
          a.attmissingval), ';' order by a.attnum)) as digest
        from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid
          join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where a.attnum > 0 and c.relkind = 'r' and \(isOurs)
        group by c.oid
        """

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
          case when c.relkind = 'r' then pg_catalog.pg_relation_size(c.oid)
            / pg_catalog.current_setting('block_size')::int8 else 0 end as pages,
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
