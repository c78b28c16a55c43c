public import PostgresClient
import PostgresTypes

/// Reads the access lists of all objects of a database.
public enum AccessQuery: Sendable {
    /// The access lists, one an object, by kind and identity.
    ///
    /// A missing ACL is replaced by `acldefault()`, so that "never granted" and "granted what is the default anyway"
    /// compare equal. Objects of extensions and of the system are left out.
    ///
    /// - Parameter session: A session with `search_path = ''`.
    /// - Returns: The access lists.
    /// - Throws: `PostgresError`.
    public static func accessLists(in session: Session) async throws -> [AccessList] {
        try await session.query(Query(unsafeSQL: sql)).map { row in
            AccessList(
                kind: try row.value("kind"),
                schema: try row.value("nspname"),
                identity: try row.value("identity"),
                owner: try row.value("owner"),
                entries: (try row.value("entries", as: String.self)).split(separator: "\n").map(String.init)
            )
        }
    }

    private static let isOurs = """
        n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg\\_toast%'
        and n.nspname not like 'pg\\_temp%'
        """

    /// Leaves out what an extension made, and what the server made for another object.
    ///
    /// The latter are such as the constructor functions of a range type, which belong to the bootstrap superuser. The
    /// sequence of an identity column has grants of its own and stays. A partitioned table's key columns depend on the
    /// table internally, which says nothing of the table: `objsubid` is 0.
    private static func notOfExtension(_ catalog: String, _ oid: String) -> String {
        """
        not exists (select from pg_catalog.pg_depend d where d.classid = 'pg_catalog.\(catalog)'::regclass
          and d.objid = \(oid) and d.objsubid = 0 and d.deptype in (\(catalog == "pg_class" ? "'e'" : "'e', 'i'")))
        """
    }

    private static let sql = """
        with object(kind, nspname, identity, owner, acl) as (
          select case c.relkind when 'S' then 'sequence' when 'v' then 'view' when 'm' then 'materialized view'
              when 'f' then 'foreign table' else 'table' end, n.nspname,
            pg_catalog.format('%I.%I', n.nspname, c.relname), c.relowner,
            coalesce(c.relacl, pg_catalog.acldefault(case c.relkind when 'S' then 's' else 'r' end::"char", c.relowner))
          from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
          where c.relkind in ('r', 'p', 'v', 'm', 'S', 'f') and c.relpersistence <> 't' and \(isOurs)
            and \(notOfExtension("pg_class", "c.oid"))
          union all
          select 'column', n.nspname, pg_catalog.format('%I.%I.%I', n.nspname, c.relname, a.attname), c.relowner, a.attacl
          from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid
            join pg_catalog.pg_namespace n on n.oid = c.relnamespace
          where a.attacl is not null and pg_catalog.cardinality(a.attacl) > 0 and not a.attisdropped and \(isOurs)
            and \(notOfExtension("pg_class", "c.oid"))
          union all
          select 'function', n.nspname, pg_catalog.format('%I.%I(%s)', n.nspname, p.proname,
              pg_catalog.pg_get_function_identity_arguments(p.oid)), p.proowner,
            coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner))
          from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
          where \(isOurs) and \(notOfExtension("pg_proc", "p.oid"))
          union all
          select 'type', n.nspname, pg_catalog.format('%I.%I', n.nspname, t.typname), t.typowner,
            coalesce(t.typacl, pg_catalog.acldefault('T', t.typowner))
          from pg_catalog.pg_type t join pg_catalog.pg_namespace n on n.oid = t.typnamespace
            left join pg_catalog.pg_class c on c.oid = t.typrelid
          where (t.typtype in ('b', 'd', 'e', 'r') or c.relkind = 'c') and \(isOurs) and \(notOfExtension("pg_type", "t.oid"))
          union all
          select 'schema', n.nspname, pg_catalog.quote_ident(n.nspname), n.nspowner,
            coalesce(n.nspacl, pg_catalog.acldefault('n', n.nspowner))
          from pg_catalog.pg_namespace n where \(isOurs) and \(notOfExtension("pg_namespace", "n.oid"))
          union all
          select 'large object', '', l.oid::text, l.lomowner, coalesce(l.lomacl, pg_catalog.acldefault('L', l.lomowner))
          from pg_catalog.pg_largeobject_metadata l
          union all
          select 'default privileges', coalesce(n.nspname, ''), pg_catalog.format('for role %I%s on %s', r.rolname,
              coalesce(' in schema ' || pg_catalog.quote_ident(n.nspname), ''),
              case d.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences' when 'f' then 'functions'
                when 'T' then 'types' else 'schemas' end), d.defaclrole, d.defaclacl
          from pg_catalog.pg_default_acl d join pg_catalog.pg_roles r on r.oid = d.defaclrole
            left join pg_catalog.pg_namespace n on n.oid = d.defaclnamespace
        )
        select o.kind, o.nspname, o.identity, pg_catalog.pg_get_userbyid(o.owner) as owner,
          coalesce((select pg_catalog.string_agg(e::text, E'\\n' order by e::text collate "C")
            from pg_catalog.unnest(o.acl) e), '') as entries
        from object o order by o.kind collate "C", o.identity collate "C"
        """
}
