public import PostgresClient
import PostgresTypes

extension DetailQuery {
    /// The large objects by number, with owner, access and comment.
    ///
    /// - Parameter session: A session.
    /// - Returns: The large objects.
    /// - Throws: `PostgresError`.
    public static func largeObjects(in session: Session) async throws -> [LargeObjectInfo] {
        try await session.query(Query(unsafeSQL: largeObjectSQL)).map { row in
            LargeObjectInfo(
                oid: try row.value("oid"),
                owner: try row.value("owner"),
                entries: try row.value("entries", as: String.self).split(separator: "\n").map(String.init),
                comment: try row.optional("comment")
            )
        }
    }

    private static let largeObjectSQL = """
        select l.oid, pg_catalog.pg_get_userbyid(l.lomowner) as owner,
          coalesce((select pg_catalog.string_agg(e::text, E'\\n' order by e::text collate "C")
            from pg_catalog.unnest(coalesce(l.lomacl, pg_catalog.acldefault('L', l.lomowner))) e), '') as entries,
          pg_catalog.obj_description(l.oid, 'pg_largeobject') as comment
        from pg_catalog.pg_largeobject_metadata l order by l.oid
        """
}
