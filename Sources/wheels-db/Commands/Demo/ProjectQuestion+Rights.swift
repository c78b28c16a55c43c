import PostgresClient
import SQLText

// What the API roles may do, by the catalog and by trying.
extension ProjectQuestion {
    static let rights = [
        ProjectQuestion(
            "anon.read", "tables and views anon may read",
            ask: relations("rpvm", "pg_catalog.has_any_column_privilege('anon', c.oid, 'SELECT')")),
        ProjectQuestion(
            "anon.write", "tables and views anon may change",
            ask: relations(
                "rpv",
                """
                pg_catalog.has_any_column_privilege('anon', c.oid, 'INSERT, UPDATE')
                or pg_catalog.has_table_privilege('anon', c.oid, 'DELETE')
                """)),
        ProjectQuestion("anon.truncate", "tables anon may TRUNCATE", ask: truncatable(by: "anon")),
        ProjectQuestion(
            "anon.truncate.tried", "tables anon empties at once (tried, rolled back)", ask: truncateAsAnon),
        ProjectQuestion(
            "authenticated.truncate", "tables each signed-in user may TRUNCATE", ask: truncatable(by: "authenticated")),
        ProjectQuestion(
            "authenticated.update", "columns each signed-in user may change",
            ask: counting(
                """
                select pg_catalog.count(*) from pg_catalog.pg_class c
                  join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                where c.relnamespace = 'public'::pg_catalog.regnamespace and c.relkind in ('r', 'p')
                  and pg_catalog.has_column_privilege('authenticated', c.oid, a.attnum, 'UPDATE')
                """)),
        ProjectQuestion(
            "authenticated.trial.tried", "a user prolongs the own free trial (tried, rolled back)", ask: prolongTrial),
        ProjectQuestion("anon.execute", "functions anon may call", ask: functions("true")),
        ProjectQuestion(
            "anon.execute.definer", "of these, run with the owner's rights", ask: functions("p.prosecdef")),
        ProjectQuestion("anon.read.tried", "tables and views that show anon a row (each tried)", ask: readAsAnon),
    ]

    private static func relations(_ kinds: String, _ condition: String) -> Ask {
        let list = kinds.map { "'\($0)'" }.joined(separator: ", ")
        return counting(
            """
            select pg_catalog.count(*) from pg_catalog.pg_class c
            where c.relnamespace = 'public'::pg_catalog.regnamespace and c.relkind in (\(list)) and (\(condition))
            """)
    }

    private static func truncatable(by role: String) -> Ask {
        relations("rp", "pg_catalog.has_table_privilege('\(role)', c.oid, 'TRUNCATE')")
    }

    private static func functions(_ condition: String) -> Ask {
        counting(
            """
            select pg_catalog.count(*) from pg_catalog.pg_proc p
            where p.pronamespace = 'public'::pg_catalog.regnamespace and \(condition)
              and pg_catalog.has_function_privilege('anon', p.oid, 'EXECUTE')
            """)
    }

    /// The names of relations in schema `public`, quoted.
    private static func names(_ kinds: String, in project: QuestionedProject) async throws -> [String] {
        let list = kinds.map { "'\($0)'" }.joined(separator: ", ")
        return try await project.owner.query(
            """
            select c.relname from pg_catalog.pg_class c where c.relnamespace = 'public'::pg_catalog.regnamespace
              and c.relkind in (\(unsafeSQL: list)) order by c.relname
            """
        ).compactMap { $0[0].map { SQLQuoting.qualified("public", $0) } }
    }

    /// Reads from each table in a request of its own, as the data API does.
    private static func readAsAnon(_ project: QuestionedProject) async throws -> Answer {
        var shown: [String] = []
        for name in try await names("rpvm", in: project) {
            let rows = try await project.tried(project.api) { session in
                try await session.execute("SET LOCAL ROLE anon")
                return try await session.query(Query(unsafeSQL: "select 1 from \(name) limit 1")).count
            }
            if rows ?? 0 > 0 { shown.append(name) }
        }
        return .count(shown.count, of: shown)
    }

    /// A row of one's own may be changed; which of its columns is a matter of grants alone.
    private static func prolongTrial(_ project: QuestionedProject) async throws -> Answer {
        let user = try await project.owner.query(
            "select id::text from public.profiles where role = 'user' order by id limit 1"
        ).first?[0]
        guard let user else { return .none }
        let changed = try await project.tried(project.api) { session in
            let claims = "{\"sub\": \"\(user)\", \"role\": \"authenticated\"}"
            try await session.execute("select pg_catalog.set_config('request.jwt.claims', \(claims), true)")
            try await session.execute("SET LOCAL ROLE authenticated")
            return try await session.execute(
                "update public.profiles set trial_end_date = 'infinity' where id = \(user)::uuid")
        }
        return .words(changed ?? 0 > 0 ? "yes" : "no")
    }

    /// Row level security has no say in TRUNCATE.
    private static func truncateAsAnon(_ project: QuestionedProject) async throws -> Answer {
        let tables = try await names("r", in: project)
        guard !tables.isEmpty else { return .count(0) }
        let emptied = try await project.tried(project.api) { session in
            try await session.execute("SET LOCAL ROLE anon")
            try await session.execute(Query(unsafeSQL: "TRUNCATE \(tables.joined(separator: ", "))"))
            return tables.count
        }
        return .count(emptied ?? 0)
    }
}
