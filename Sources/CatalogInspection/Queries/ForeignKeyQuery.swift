public import PostgresClient
import PostgresTypes

/// Reads foreign keys.
public enum ForeignKeyQuery: Sendable {
    /// All foreign keys; those that a partition has from its root are left out, for the root's covers them.
    ///
    /// - Parameter session: A session.
    /// - Returns: The keys by table and name.
    /// - Throws: `PostgresError`.
    public static func foreignKeys(in session: Session) async throws -> [ForeignKeyInfo] {
        try await session.query(Query(unsafeSQL: sql)).map { row in
            ForeignKeyInfo(
                name: try row.value("conname"),
                schema: try row.value("schema"),
                table: try row.value("table_name"),
                columns: try list(row, "columns"),
                referencedSchema: try row.value("ref_schema"),
                referencedTable: try row.value("ref_table"),
                referencedColumns: try list(row, "ref_columns"),
                comparisons: try list(row, "comparisons"),
                matchesFully: try row.value("matches_fully"),
                isPartitioned: try row.value("is_partitioned"),
                referencesPartitioned: try row.value("ref_partitioned"),
                isValidated: try row.value("convalidated")
            )
        }
    }

    private static func list(_ row: Row, _ name: String) throws -> [String] {
        // A column name may hold anything but U+0000; the unit separator stands between them.
        try row.value(name, as: String.self).split(separator: "\u{1F}", omittingEmptySubsequences: false)
            .map(String.init)
    }

    private static let sql = """
        select k.conname, n.nspname as schema, c.relname as table_name, rn.nspname as ref_schema,
          r.relname as ref_table, k.confmatchtype = 'f' as matches_fully, c.relkind = 'p' as is_partitioned,
          r.relkind = 'p' as ref_partitioned, k.convalidated,
          (select pg_catalog.string_agg(a.attname, E'\\x1f' order by u.place)
           from pg_catalog.unnest(k.conkey) with ordinality u(number, place)
           join pg_catalog.pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.number) as columns,
          (select pg_catalog.string_agg(a.attname, E'\\x1f' order by u.place)
           from pg_catalog.unnest(k.confkey) with ordinality u(number, place)
           join pg_catalog.pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.number) as ref_columns,
          (select pg_catalog.string_agg(case when ca.attcollation <> ra.attcollation and ra.attcollation <> 0
             then pg_catalog.format('collate %I.%I ', coln.nspname, col.collname) else '' end
             || pg_catalog.format('operator(%I.%s)', opn.nspname, op.oprname), E'\\x1f' order by u.place)
           from rows from (pg_catalog.unnest(k.conkey), pg_catalog.unnest(k.confkey), pg_catalog.unnest(k.conpfeqop))
               with ordinality u(number, ref_number, operator, place)
           join pg_catalog.pg_attribute ca on ca.attrelid = k.conrelid and ca.attnum = u.number
           join pg_catalog.pg_attribute ra on ra.attrelid = k.confrelid and ra.attnum = u.ref_number
           join pg_catalog.pg_operator op on op.oid = u.operator
           join pg_catalog.pg_namespace opn on opn.oid = op.oprnamespace
           left join pg_catalog.pg_collation col on col.oid = ra.attcollation
           left join pg_catalog.pg_namespace coln on coln.oid = col.collnamespace) as comparisons
        from pg_catalog.pg_constraint k
          join pg_catalog.pg_class c on c.oid = k.conrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
          join pg_catalog.pg_class r on r.oid = k.confrelid join pg_catalog.pg_namespace rn on rn.oid = r.relnamespace
        where k.contype = 'f' and k.conparentid = 0
        order by n.nspname, c.relname, k.conname
        """
}
