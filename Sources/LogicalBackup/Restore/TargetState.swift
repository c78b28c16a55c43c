import CatalogInspection
import PostgresClient
import PostgresTypes
import SQLText

/// What stands in the database that a restore would fill.
struct TargetState: Sendable {
    let facts: DatabaseFacts
    /// Tables, views, sequences and the like outside the managed schemas and of no extension.
    let relations: [String]
    /// The tables with their columns, managed ones included.
    let tables: [TableInfo]
    let schemas: Set<String>
    let roles: Set<String>
    let extensions: Set<String>
    let publications: Set<String>
    /// Relations, routines and types of the schemas that Supabase manages, as `schema.name`.
    let namesInManagedSchemas: Set<String>
    /// The backup an earlier restore was of, which did not end.
    let unfinishedRestore: String?

    static func read(_ session: Session) async throws -> TargetState {
        func names(_ sql: String) async throws -> [String] {
            try await session.query(Query(unsafeSQL: sql)).compactMap { $0[0] }
        }
        let facts = try await DatabaseQuery.facts(in: session)
        let journal = try await names("select pg_catalog.to_regclass('wheels_db.restore')::text")
        let unfinished = journal.isEmpty ? nil : try await names("select backup from wheels_db.restore limit 1").first
        let relations = try await names(relationSQL).filter { name in
            guard facts.isSupabaseShaped else { return true }
            return !ManagedSchemas.names.contains { name.hasPrefix($0 + ".") }
        }
        return TargetState(
            facts: facts,
            relations: relations.filter { !$0.hasPrefix("wheels_db.") },
            tables: try await TableQuery.tables(in: session),
            schemas: Set(try await names("select nspname from pg_catalog.pg_namespace")),
            roles: Set(try await names("select rolname from pg_catalog.pg_roles")),
            extensions: Set(try await names("select extname from pg_catalog.pg_extension")),
            publications: Set(try await names("select pubname from pg_catalog.pg_publication")),
            namesInManagedSchemas: Set(try await names(managedSQL)),
            unfinishedRestore: unfinished
        )
    }

    private static let managedSQL = """
        select n.nspname || '.' || o.name from pg_catalog.pg_namespace n join (
          select relnamespace as schema, relname as name from pg_catalog.pg_class
          union all select pronamespace, proname from pg_catalog.pg_proc
          union all select typnamespace, typname from pg_catalog.pg_type) o on o.schema = n.oid
        where n.nspname in (\(ManagedSchemas.names.sorted().map { SQLQuoting.literal($0) }.joined(separator: ", ")))
        """

    private static let relationSQL = """
        select n.nspname || '.' || c.relname
        from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'p', 'v', 'm', 'S', 'f') and c.relpersistence <> 't'
          and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname not like 'pg\\_toast%'
          and n.nspname not like 'pg\\_temp%'
          and not exists (select from pg_catalog.pg_depend d where d.classid = 'pg_catalog.pg_class'::regclass
            and d.objid = c.oid and d.deptype = 'e')
        order by 1
        """
}
