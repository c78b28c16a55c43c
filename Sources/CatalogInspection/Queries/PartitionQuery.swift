public import PostgresClient
public import PostgresTypes

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
    /// - Returns: The numbers of the roots.
    /// - Throws: `PostgresError`.
    public static func rootsWithUnstableLeaves(
        in session: Session,
        types: TypeCatalog
    ) async throws -> Set<OID> {
        var roots: Set<OID> = []
        for row in try await session.query(Query(unsafeSQL: sql)) {
            let key: OID? = try row.optional("key_type")
            if key.map({ types.containsEnum($0) || types.referencesCatalog($0) }) ?? true {
                roots.insert(try row.value("root"))
            }
        }
        return roots
    }

    private static let sql = """
        select coalesce(pg_catalog.pg_partition_root(p.partrelid)::oid, p.partrelid) as root, a.atttypid as key_type
        from pg_catalog.pg_partitioned_table p
          cross join lateral pg_catalog.unnest(p.partattrs::int2[]) k(number)
          left join pg_catalog.pg_attribute a on a.attrelid = p.partrelid and a.attnum = k.number and k.number > 0
        where p.partstrat = 'h'
        """
}
