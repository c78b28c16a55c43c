import CatalogInspection
import PostgresClient
import PostgresTypes

// The objects: what stands in schema public, and what developers put on Supabase's own tables.
extension ProjectQuestion {
    static let objects = [
        ProjectQuestion("definitions", "definitions in schema public", ask: definitions),
        ProjectQuestion(
            "row-security", "tables with row level security",
            ask: counting(
                """
                select pg_catalog.count(*) from pg_catalog.pg_class c
                where c.relnamespace = 'public'::pg_catalog.regnamespace and c.relrowsecurity
                """)),
        ProjectQuestion(
            "managed.objects", "triggers and policies on auth and storage", isSeparateStep: true, ask: userObjects),
        ProjectQuestion(
            "signup.tried", "a new account gets its profile (tried, rolled back)", isSeparateStep: true, ask: signUp),
    ]

    private static func userObjects(_ project: QuestionedProject) async throws -> Answer {
        let objects = try await DetailQuery.userObjectsOnManagedTables(in: project.owner).map(\.description)
        return .count(objects.count, of: objects)
    }

    private static func signUp(_ project: QuestionedProject) async throws -> Answer {
        let profiles = try await project.tried(project.owner) { session in
            let account = "ffffffff-ffff-4fff-8fff-ffffffffffff"
            try await session.execute(
                """
                insert into auth.users (instance_id, id, aud, role, email)
                values ('00000000-0000-0000-0000-000000000000', \(account)::uuid, 'authenticated', 'authenticated',
                  'new.account@example.com')
                """
            )
            return try await session.query("select 1 from public.profiles where id = \(account)::uuid").count
        }
        return .words(profiles == 1 ? "yes" : "no")
    }

    private static func definitions(_ project: QuestionedProject) async throws -> Answer {
        try await project.owner.withTransaction(.repeatableReadOnly) { session in
            // Names are printed without their schema where the search path leads to it.
            try await session.executeScript(PinnedSettings.script)
            var found: [String: String] = [:]
            for row in try await session.query(Query(unsafeSQL: definitionSQL)) {
                found[try row.value("name")] = try row.value("definition", as: String.self)
            }
            return .contents(found)
        }
    }

    private static let definitionSQL = """
        with ours as (
          select c.oid, c.relname, c.relkind, c.relrowsecurity, c.relforcerowsecurity from pg_catalog.pg_class c
          where c.relnamespace = 'public'::pg_catalog.regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'S'))
        select 'relation ' || o.relname as name,
          pg_catalog.concat_ws(' ', o.relkind, o.relrowsecurity, o.relforcerowsecurity,
            pg_catalog.obj_description(o.oid, 'pg_class')) as definition
        from ours o
        union all
        select 'column ' || o.relname || '.' || a.attname,
          pg_catalog.concat_ws(' ', pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
            a.attgenerated, pg_catalog.pg_get_expr(d.adbin, d.adrelid), pg_catalog.col_description(o.oid, a.attnum))
        from ours o join pg_catalog.pg_attribute a on a.attrelid = o.oid and a.attnum > 0 and not a.attisdropped
          left join pg_catalog.pg_attrdef d on d.adrelid = o.oid and d.adnum = a.attnum
        where o.relkind <> 'S'
        union all
        select 'constraint ' || o.relname || '.' || k.conname,
          pg_catalog.pg_get_constraintdef(k.oid) || k.convalidated::text
        from ours o join pg_catalog.pg_constraint k on k.conrelid = o.oid
        union all
        select 'index ' || i.indexrelid::pg_catalog.regclass::text, pg_catalog.pg_get_indexdef(i.indexrelid)
        from ours o join pg_catalog.pg_index i on i.indrelid = o.oid
        union all
        select 'trigger ' || o.relname || '.' || t.tgname, pg_catalog.pg_get_triggerdef(t.oid) || t.tgenabled::text
        from ours o join pg_catalog.pg_trigger t on t.tgrelid = o.oid and not t.tgisinternal
        union all
        select 'policy ' || o.relname || '.' || p.polname,
          pg_catalog.concat_ws(' ', p.polcmd, p.polpermissive, p.polroles::pg_catalog.regrole[]::text,
            pg_catalog.pg_get_expr(p.polqual, p.polrelid), pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid))
        from ours o join pg_catalog.pg_policy p on p.polrelid = o.oid
        union all
        select 'view ' || o.relname, pg_catalog.pg_get_viewdef(o.oid) from ours o where o.relkind in ('v', 'm')
        union all
        select 'function ' || p.oid::pg_catalog.regprocedure::text, pg_catalog.pg_get_functiondef(p.oid)
        from pg_catalog.pg_proc p
        where p.pronamespace = 'public'::pg_catalog.regnamespace and p.prokind in ('f', 'p')
        """
}
