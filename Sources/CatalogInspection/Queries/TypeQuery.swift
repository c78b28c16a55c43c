public import PostgresClient
import PostgresTypes

/// Reads the types of columns and everything they are made of.
public enum TypeQuery: Sendable {
    /// The types behind the columns of all tables, domains unfolded, composites taken apart.
    ///
    /// - Parameter session: A session.
    /// - Returns: The catalog of those types.
    /// - Throws: `PostgresError`, or `PostgresValueError` for an unexpected catalog.
    public static func types(in session: Session) async throws -> TypeCatalog {
        let rows = try await session.query(Query(unsafeSQL: sql))
        return TypeCatalog(
            try rows.map { row in
                let parts = try row.optional("parts", as: String.self) ?? ""
                let labels = try row.optional("labels", as: String.self) ?? ""
                return TypeInfo(
                    oid: try row.value("oid"),
                    schema: try row.value("nspname"),
                    name: try row.value("typname"),
                    kind: try row.value("typtype", as: String.self).first ?? "b",
                    parts: try parts.split(separator: " ").map { try OID(postgresText: String($0)) },
                    base: try row.optional("base"),
                    isBinary: try row.value("is_binary"),
                    isSentAsText: try row.value("is_sent_as_text"),
                    shape: try row.value("shape"),
                    labels: labels.split(separator: " ").compactMap { Int64($0) }
                )
            }
        )
    }

    private static let sql = """
        with recursive part(whole, piece) as (
          select t.oid, t.typelem from pg_catalog.pg_type t where t.typelem <> 0 and t.typcategory = 'A'
          union all select t.oid, t.typbasetype from pg_catalog.pg_type t where t.typtype = 'd'
          union all select r.rngtypid, r.rngsubtype from pg_catalog.pg_range r
          union all select r.rngmultitypid, r.rngtypid from pg_catalog.pg_range r
          union all select t.oid, a.atttypid from pg_catalog.pg_type t
            join pg_catalog.pg_attribute a on a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped
            where t.typtype = 'c'
        ), needed(oid) as (
          select a.atttypid from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid
          where c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped and c.relnamespace <> 11
          union select p.piece from needed n join part p on p.whole = n.oid
        )
        select t.oid, n.nspname, t.typname, t.typtype, t.typsend <> 0 and t.typreceive <> 0 as is_binary,
          t.typtype = 'e' or t.typtype = 'b' and exists (select from pg_catalog.pg_proc s, pg_catalog.pg_proc o
            where s.oid = t.typsend and o.oid = t.typoutput and s.prolang = 12 and o.prolang = 12
              and s.prosrc = 'textsend' and o.prosrc = 'textout') as is_sent_as_text,
          nullif(t.typbasetype, 0) as base,
          (select pg_catalog.string_agg(p.piece::text, ' ') from part p where p.whole = t.oid) as parts,
          (select pg_catalog.string_agg(pg_catalog.hashtextextended(pg_catalog.format('%s=%s', e.oid, e.enumlabel)
             collate "C", 0)::text, ' ') from pg_catalog.pg_enum e where e.enumtypid = t.oid) as labels,
          pg_catalog.md5(pg_catalog.format('%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s|%s', n.nspname, t.typname, t.typtype, t.typlen,
            t.typbasetype, t.typtypmod, t.typelem, t.typcollation, t.typinput::oid, t.typsend::oid, t.typoutput::oid,
            (select e.extversion from pg_catalog.pg_depend d join pg_catalog.pg_extension e on e.oid = d.refobjid
             where d.classid = 'pg_catalog.pg_type'::regclass and d.objid = t.oid and d.deptype = 'e'),
            (select pg_catalog.string_agg(pg_catalog.format('%s=%s,%s,%s,%s,%s', a.attnum, a.attname, a.atttypid,
               a.atttypmod, a.attcollation, a.attisdropped), ';' order by a.attnum)
             from pg_catalog.pg_attribute a where t.typtype = 'c' and a.attrelid = t.typrelid and a.attnum > 0),
            (select pg_catalog.format('%s,%s', r.rngsubtype, r.rngcollation) from pg_catalog.pg_range r
             where r.rngtypid = t.oid))) as shape
        from pg_catalog.pg_type t join pg_catalog.pg_namespace n on n.oid = t.typnamespace
        where t.oid in (select oid from needed)
        """
}
