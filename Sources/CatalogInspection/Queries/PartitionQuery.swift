public import PostgresClient
public import PostgresTypes

/// Whether the partitions of a table that is partitioned by hash take every row.
public enum HashCoverage: Sendable, Hashable {
    /// There is one for every remainder.
    case whole
    /// One is missing, because it was never made, or was detached or dropped.
    case partial
}

/// Asks where the rows of a partition tree belong to other leaves in another database.
public enum PartitionQuery: Sendable {
    /// The roots of trees whose rows must be loaded through the root.
    ///
    /// Hashing an enum hashes its OID, which differs from database to database: a row of one leaf can belong to another
    /// one after a restore. The same goes for `regclass` and its kin. A key that is an expression counts as unstable, for nothing is known of it.
    ///
    /// - Parameters:
    ///   - session: A session.
    ///   - types: The types of all columns.
    /// - Returns: The numbers of the roots, and whether each has a place for every row.
    /// - Throws: `PostgresError`.
    public static func rootsWithUnstableLeaves(
        in session: Session,
        types: TypeCatalog
    ) async throws -> [OID: HashCoverage] {
        var roots: [OID: HashCoverage] = [:]
        for row in try await session.query(Query(unsafeSQL: sql)) {
            let key: OID? = try row.optional("key_type")
            if key.map({ types.containsEnum($0) || types.referencesCatalog($0) }) ?? true {
                let root: OID = try row.value("root")
                let isWhole: Bool = try row.value("is_whole")
                roots[root] = isWhole && roots[root] != .partial ? .whole : .partial
            }
        }
        return roots
    }

    private static let sql = """
        select coalesce(pg_catalog.pg_partition_root(p.partrelid)::oid, p.partrelid) as root, a.atttypid as key_type,
          coalesce(b.is_whole, false) as is_whole
        from pg_catalog.pg_partitioned_table p
          cross join lateral pg_catalog.unnest(p.partattrs::int2[]) k(number)
          left join pg_catalog.pg_attribute a on a.attrelid = p.partrelid and a.attnum = k.number and k.number > 0
          left join lateral (
            select pg_catalog.sum(m.largest / m.modulus) = pg_catalog.max(m.largest) as is_whole
            from (
              select c.modulus, pg_catalog.max(c.modulus) over () as largest
              from (
                select (pg_catalog.regexp_match(
                  pg_catalog.pg_get_expr(leaf.relpartbound, leaf.oid), 'modulus (\\d+)'))[1]::int8 as modulus
                from pg_catalog.pg_inherits i join pg_catalog.pg_class leaf on leaf.oid = i.inhrelid
                where i.inhparent = p.partrelid
              ) c
            ) m
          ) b on true
        where p.partstrat = 'h'
        """
}
