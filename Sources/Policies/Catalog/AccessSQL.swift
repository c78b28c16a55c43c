/// The texts of the queries of ``AccessQuery``; every name in them is schema-qualified.
enum AccessSQL {
    private static let isForeign = """
        n.nspname !~ '^pg_(toast|temp_|toast_temp_)' and n.nspname not in ('pg_catalog', 'information_schema')
        """

    private static func isOfExtension(_ catalog: String, _ oid: String) -> String {
        """
        exists (select from pg_catalog.pg_depend d where d.classid = 'pg_catalog.\(catalog)'::pg_catalog.regclass
          and d.objid = \(oid) and d.deptype = 'e')
        """
    }

    private static let isRelation = """
        c.relkind in ('r', 'p', 'v', 'm', 'f') and c.relpersistence <> 't' and \(isForeign)
          and not \(isOfExtension("pg_class", "c.oid"))
        """

    static let roles = """
        select r.rolname, r.rolsuper or r.rolbypassrls as bypasses, r.rolcanlogin,
          coalesce((select pg_catalog.pg_has_role(a.oid, r.oid, 'member') from pg_catalog.pg_roles a
            where a.rolname = 'authenticator' and a.oid <> r.oid), false) as is_settable,
          (select pg_catalog.json_agg(o.rolname)::text from pg_catalog.pg_roles o
            where not r.rolsuper and pg_catalog.pg_has_role(r.oid, o.oid, 'usage')) as rights_of
        from pg_catalog.pg_roles r order by r.rolname
        """

    static let relations = """
        select c.oid, n.nspname, c.relname, c.relkind, o.rolname as owner, o.rolsuper or o.rolbypassrls as owner_bypasses,
          c.relrowsecurity, c.relforcerowsecurity, c.relispartition, c.reltuples,
          exists (select from pg_catalog.unnest(c.reloptions) option
            where option ~* '^security_invoker=(on|true|yes|1)$') as is_invoker,
          case when c.relkind = 'v' then pg_catalog.pg_relation_is_updatable(c.oid, true) else 0 end as events,
          case when c.relkind in ('v', 'm') then pg_catalog.pg_get_viewdef(c.oid) end as definition,
          (select pg_catalog.json_agg(distinct a.attname)::text from pg_catalog.pg_index i
            join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
            where i.indrelid = c.oid and i.indisvalid and i.indpred is null) as indexed,
          case when c.relkind in ('v', 'm') then (select pg_catalog.json_agg(distinct d.refobjid::text)::text
            from pg_catalog.pg_rewrite w join pg_catalog.pg_depend d
              on d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass and d.objid = w.oid
              and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.refobjid <> w.ev_class
            where w.ev_class = c.oid) end as dependencies
        from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
          join pg_catalog.pg_roles o on o.oid = c.relowner
        where \(isRelation)
        order by n.nspname collate "C", c.relname collate "C"
        """

    static let columns = """
        select a.attrelid, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod) as type_name, a.attnotnull,
          a.attgenerated <> '' or a.attidentity = 'a' as is_generated,
          exists (select from pg_catalog.pg_index i where i.indrelid = a.attrelid and i.indisprimary
            and a.attnum = any (i.indkey)) as is_key,
          s.oid as sequence, s.oid::pg_catalog.regclass::text as sequence_name
        from pg_catalog.pg_attribute a
          join pg_catalog.pg_class c on c.oid = a.attrelid join pg_catalog.pg_namespace n on n.oid = c.relnamespace
          left join pg_catalog.pg_attrdef f on f.adrelid = a.attrelid and f.adnum = a.attnum and a.attgenerated = ''
          left join lateral (
            select q.oid from pg_catalog.pg_depend d join pg_catalog.pg_class q on q.oid = d.refobjid and q.relkind = 'S'
            where d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass and d.objid = f.oid
              and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass limit 1
          ) s on true
        where a.attnum > 0 and not a.attisdropped and \(isRelation)
        order by a.attrelid, a.attnum
        """

    static let triggers = """
        select t.tgrelid, t.tgname, t.tgtype, t.tgfoid from pg_catalog.pg_trigger t
        where not t.tgisinternal and t.tgenabled in ('O', 'A') and t.tgtype & 3 = 3
        order by t.tgrelid, t.tgname
        """

    static let policies = """
        select p.polrelid, n.nspname, c.relname, p.polname, p.polcmd, p.polpermissive,
          (select pg_catalog.json_agg(r.rolname order by r.rolname)::text from pg_catalog.pg_roles r
            where r.oid = any (p.polroles)) as roles,
          pg_catalog.pg_get_expr(p.polqual, p.polrelid) as using_text,
          pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid) as check_text
        from pg_catalog.pg_policy p join pg_catalog.pg_class c on c.oid = p.polrelid
          join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        order by n.nspname collate "C", c.relname collate "C", p.polname collate "C"
        """

    static let routines = """
        select p.oid, n.nspname, p.proname, p.pronargs, p.pronargdefaults, l.lanname, p.provolatile, p.prosecdef,
          o.rolname as owner, o.rolsuper or o.rolbypassrls as owner_bypasses,
          (select pg_catalog.json_agg(pg_catalog.format_type(a.type, null) order by a.place)::text
            from pg_catalog.unnest(p.proargtypes) with ordinality a(type, place)) as argument_types,
          pg_catalog.pg_get_function_identity_arguments(p.oid) as arguments,
          pg_catalog.format_type(p.prorettype, null) as result,
          (select pg_catalog.substr(setting, 13) from pg_catalog.unnest(p.proconfig) setting
            where setting like 'search\\_path=%') as search_path,
          coalesce(pg_catalog.pg_get_function_sqlbody(p.oid), p.prosrc, '') as body, pg_catalog.md5(p.prosrc) as digest
        from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
          join pg_catalog.pg_language l on l.oid = p.prolang join pg_catalog.pg_roles o on o.oid = p.proowner
        where p.prokind in ('f', 'p') and \(isForeign) and not \(isOfExtension("pg_proc", "p.oid"))
        order by n.nspname collate "C", p.proname collate "C", p.oid
        """

    static let extensionsInPublic = """
        select e.extname from pg_catalog.pg_extension e join pg_catalog.pg_namespace n on n.oid = e.extnamespace
        where n.nspname = 'public' and e.extname <> 'plpgsql' order by e.extname collate "C"
        """

    /// The roles that are looked at, as a JSON array in `$1`.
    static let roleList = """
        with role as (select r.oid, r.rolname from pg_catalog.pg_roles r
          where r.rolname in (select pg_catalog.json_array_elements_text($1::json)))

        """

    static let schemaRights = """
        select r.rolname, n.nspname from role r, pg_catalog.pg_namespace n
        where pg_catalog.has_schema_privilege(r.oid, n.oid, 'usage')
        """

    static let relationRights = """
        , letter(letter, privilege) as (values ('r', 'select'), ('a', 'insert'), ('w', 'update'), ('d', 'delete'),
          ('D', 'truncate'), ('x', 'references'), ('t', 'trigger'))
        select r.rolname, c.oid, (select coalesce(pg_catalog.string_agg(l.letter, ''), '') from letter l
          where pg_catalog.has_table_privilege(r.oid, c.oid, l.privilege)) as letters
        from role r, pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where \(isRelation)
        """

    static let columnRights = """
        select r.rolname, a.attrelid, a.attname,
          case when pg_catalog.has_column_privilege(r.oid, a.attrelid, a.attnum, 'select') then 'r' else '' end
          || case when pg_catalog.has_column_privilege(r.oid, a.attrelid, a.attnum, 'insert') then 'a' else '' end
          || case when pg_catalog.has_column_privilege(r.oid, a.attrelid, a.attnum, 'update') then 'w' else '' end
            as letters
        from role r, pg_catalog.pg_attribute a where a.attacl is not null and a.attnum > 0 and not a.attisdropped
        """

    static let routineRights = """
        select r.rolname, p.oid from role r, pg_catalog.pg_proc p
          join pg_catalog.pg_namespace n on n.oid = p.pronamespace
        where \(isForeign) and pg_catalog.has_function_privilege(r.oid, p.oid, 'execute')
        """

    static let sequenceRights = """
        select r.rolname, c.oid from role r, pg_catalog.pg_class c
        where c.relkind = 'S' and pg_catalog.has_sequence_privilege(r.oid, c.oid, 'usage, update')
        """

    static let publicRights = """
        select c.oid, pg_catalog.string_agg(case a.privilege_type when 'SELECT' then 'r' when 'INSERT' then 'a'
            when 'UPDATE' then 'w' when 'DELETE' then 'd' when 'TRUNCATE' then 'D' when 'REFERENCES' then 'x'
            when 'TRIGGER' then 't' else '' end, '') as letters
        from pg_catalog.pg_class c, pg_catalog.aclexplode(c.relacl) a where a.grantee = 0 group by c.oid
        """
}
