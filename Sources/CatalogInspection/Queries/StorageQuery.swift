public import PostgresClient
import PostgresTypes

/// Reads what Supabase Storage holds, by the rows it keeps about its files.
public enum StorageQuery: Sendable {
    /// The buckets by id, with how many files they hold and how large these are.
    ///
    /// - Parameter session: A session.
    /// - Returns: The buckets; `absent` where the database has no storage.
    /// - Throws: `PostgresError`, but not for a missing right.
    public static func buckets(in session: Session) async throws -> CatalogReading<StorageBucket> {
        try await .reading(of: "storage.buckets", in: session) { session in
            try await session.query(Query(unsafeSQL: sql)).map { row in
                StorageBucket(
                    id: try row.value("id"),
                    name: try row.value("name"),
                    isPublic: try row.value("is_public"),
                    objects: try row.value("objects"),
                    bytes: try row.value("bytes"),
                    objectsOfUnknownSize: try row.value("unknown")
                )
            }
        }
    }

    /// A size is a number of digits; what a client wrote otherwise is no size.
    private static let sql = """
        select b.id, b.name, coalesce(b.public, false) as is_public, pg_catalog.count(o.id) as objects,
          coalesce(pg_catalog.sum(case when o.metadata ->> 'size' ~ '^[0-9]{1,15}$' then (o.metadata ->> 'size')::bigint end),
            0)::bigint as bytes,
          pg_catalog.count(o.id) filter (where o.metadata ->> 'size' ~ '^[0-9]{1,15}$' is not true) as unknown
        from storage.buckets b left join storage.objects o on o.bucket_id = b.id
        group by b.id, b.name, b.public order by b.id collate "C"
        """
}
