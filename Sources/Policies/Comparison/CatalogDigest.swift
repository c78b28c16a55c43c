/// The SQL of a relation's digest: everything in the catalog that a policy file decides about, as one short text.
///
/// It reads plain columns of catalog tables. `pg_get_expr`, `regclass` of a relation and their kin would open the tables
/// that a policy mentions and wait for their locks; this waits for nobody. It changes when the table is made anew, when
/// a column changes, and when anything of policies, switches or privileges does.
enum CatalogDigest {
    /// The schemas that Supabase owns: what is not a policy there is the platform's to decide.
    static let platformSchemas = [
        "auth", "cron", "extensions", "graphql", "graphql_public", "net", "pgbouncer", "pgsodium", "realtime",
        "storage",
        "supabase_functions", "supabase_migrations", "vault",
    ]

    /// An expression over `pg_class c`: 64 hexadecimal digits.
    ///
    /// JSON keeps apart what plain concatenation would let run together.
    static let sql = """
        pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(pg_catalog.jsonb_build_array(
          1, c.oid::bigint, c.relkind::text, c.relowner::bigint, c.relrowsecurity, c.relforcerowsecurity,
          coalesce(c.relacl, pg_catalog.acldefault('r', c.relowner))::text,
          (select pg_catalog.jsonb_agg(pg_catalog.jsonb_build_array(
              a.attnum, a.attname, a.atttypid::bigint, a.atttypmod, a.attacl::text) order by a.attnum)
            from pg_catalog.pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped),
          (select pg_catalog.jsonb_agg(pg_catalog.jsonb_build_array(
              p.polname, p.polcmd::text, p.polpermissive, p.polroles::text, p.polqual::text, p.polwithcheck::text,
              d.description) order by p.polname collate "C")
            from pg_catalog.pg_policy p
              left join pg_catalog.pg_description d on d.objoid = p.oid
                and d.classoid = 'pg_catalog.pg_policy'::pg_catalog.regclass
            where p.polrelid = c.oid),
          (select pg_catalog.jsonb_agg(pg_catalog.jsonb_build_array(
              s.oid::bigint, coalesce(s.relacl, pg_catalog.acldefault('s', s.relowner))::text) order by s.oid)
            from pg_catalog.pg_depend d join pg_catalog.pg_class s on s.oid = d.objid and s.relkind = 'S'
            where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.refobjid = c.oid
              and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.deptype in ('a', 'i'))
        )::text, 'UTF8')), 'hex')
        """
}
