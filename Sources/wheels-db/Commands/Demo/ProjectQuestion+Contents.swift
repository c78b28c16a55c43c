import CatalogInspection
import PostgresClient
import PostgresTypes
import SQLText

// The rows, and whether they fit the schema.
extension ProjectQuestion {
    /// The question of the rows, whose answer is compared with two moments of the source.
    static let rows = "rows"

    static let contents = [
        ProjectQuestion("keys.orphans", "rows that point nowhere under a valid foreign key", ask: orphans),
        ProjectQuestion(rows, "schema and rows are of one moment (digest of each table)", ask: digests),
        ProjectQuestion("sequences.behind", "sequences behind their column", ask: sequencesBehind),
        ProjectQuestion("deploy", "the deploy: in the ledger, in the schema", ask: deployed),
    ]

    /// Of keys that the catalog calls validated; who reads only the catalog believes them.
    private static func orphans(_ project: QuestionedProject) async throws -> Answer {
        var total = 0
        var keys: [String] = []
        for key in try await ForeignKeyQuery.foreignKeys(in: project.owner) where key.isValidated {
            let count = try await project.number(key.orphanCount)
            guard count > 0 else { continue }
            total += count
            keys.append("\(key.schema).\(key.table) (\(key.name))")
        }
        return .count(total, of: keys)
    }

    /// Tables in which Supabase's services note their own versions belong to the project they are in.
    private static func digests(_ project: QuestionedProject) async throws -> Answer {
        try await project.owner.withTransaction(.repeatableReadOnly) { session in
            try await session.executeScript(PinnedSettings.script)
            let digest = ContentDigest(types: try await TypeQuery.types(in: session))
            var digests: [String: String] = [:]
            for table in try await TableQuery.tables(in: session)
            where table.kind == .ordinary && !ManagedSchemas.versionTables.contains(table.displayName) {
                let sql = digest.statement(source: "only \(table.qualifiedName)", columns: table.storedColumns)
                guard let row = try await session.query(Query(unsafeSQL: sql)).first else { continue }
                let rows: String = try row.value("rows")
                digests[table.displayName] = "\(rows) \(try row.value("digest", as: String.self))"
            }
            return .contents(digests)
        }
    }

    private static func sequencesBehind(_ project: QuestionedProject) async throws -> Answer {
        var behind: [String] = []
        for row in try await project.owner.query(Query(unsafeSQL: ownedSequences)) {
            let sequence = SQLQuoting.qualified(try row.value("schema"), try row.value("sequence"))
            let table = SQLQuoting.qualified(try row.value("table_schema"), try row.value("table_name"))
            let column = SQLQuoting.identifier(try row.value("column_name"))
            let late = try await project.number(
                "select pg_catalog.count(*) from \(sequence) s where s.last_value < (select max(t.\(column)) from \(table) t)"
            )
            if late > 0 { behind.append(try row.value("sequence")) }
        }
        return .count(behind.count, of: behind)
    }

    private static let ownedSequences = """
        select sn.nspname as schema, s.relname as sequence, tn.nspname as table_schema, t.relname as table_name,
          a.attname as column_name
        from pg_catalog.pg_depend d
          join pg_catalog.pg_class s on s.oid = d.objid and s.relkind = 'S'
          join pg_catalog.pg_namespace sn on sn.oid = s.relnamespace
          join pg_catalog.pg_class t on t.oid = d.refobjid join pg_catalog.pg_namespace tn on tn.oid = t.relnamespace
          join pg_catalog.pg_attribute a on a.attrelid = t.oid and a.attnum = d.refobjsubid
        where d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.deptype in ('a', 'i')
          and d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass and d.refobjsubid > 0
        """

    /// A ledger that says yes where the schema says no keeps the next deploy from ever repairing it.
    private static func deployed(_ project: QuestionedProject) async throws -> Answer {
        let recorded = try await project.number(
            """
            select pg_catalog.count(*) from supabase_migrations.schema_migrations
            where version = \(SQLQuoting.literal(project.deploy))
            """
        )
        let constraints = try await project.number(
            """
            select pg_catalog.count(*) from pg_catalog.pg_constraint
            where conrelid = \(SQLQuoting.literal(ProjectLife.table))::pg_catalog.regclass
              and conname = \(SQLQuoting.literal(ProjectLife.constraint))
            """
        )
        return .words("\(recorded > 0 ? "yes" : "no"), \(constraints == 0 ? "yes" : "no")")
    }
}
