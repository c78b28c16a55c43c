import PostgresClient
import PostgresTypes
import SQLText

/// A table as the server has it now, as far as seeding must know.
struct LiveTable: Sendable {
    struct Column: Sendable {
        let name: String
        let typeName: String
        let isGenerated: Bool
        /// It must get a value: NOT NULL, and neither a default nor an identity gives one.
        let needsValue: Bool

        /// The type has no operator `=`, so values are compared in their text form.
        var hasNoEquality: Bool { Self.withoutEquality.contains(typeName) }
        private static let withoutEquality: Set<String> = [
            "point", "line", "lseg", "box", "path", "polygon", "circle", "json", "xml",
        ]
    }

    let displayName: String
    let columns: [String: Column]
    let indexes: Int

    /// Reads the tables of some schemas.
    ///
    /// - Parameters:
    ///   - schemas: The schemas' names.
    ///   - session: A session.
    /// - Returns: The ordinary and partitioned tables by displayed name; those of extensions are left out.
    /// - Throws: `PostgresError`.
    static func read(_ schemas: [String], in session: Session) async throws -> [String: LiveTable] {
        let names = schemas.map { SQLQuoting.literal($0) }.joined(separator: ", ")
        var columns: [String: [String: Column]] = [:]
        var indexes: [String: Int] = [:]
        for row in try await session.query(Query(unsafeSQL: sql.replacing("$schemas", with: names))) {
            let table = try row.value("display_name", as: String.self)
            indexes[table] = try row.value("indexes", as: Int.self)
            guard let name = try row.optional("attname", as: String.self) else { continue }
            columns[table, default: [:]][name] = Column(
                name: name, typeName: try row.value("type_name"), isGenerated: try row.value("is_generated"),
                needsValue: try row.value("needs_value"))
        }
        return Dictionary(
            indexes.map { ($0, LiveTable(displayName: $0, columns: columns[$0] ?? [:], indexes: $1)) }
        ) { first, _ in first }
    }

    private static let sql = """
        select n.nspname || '.' || c.relname as display_name, a.attname,
          pg_catalog.format_type(a.atttypid, null) as type_name, a.attgenerated <> '' as is_generated,
          a.attnotnull and not a.atthasdef and a.attidentity = '' as needs_value,
          (select pg_catalog.count(*) from pg_catalog.pg_index i where i.indrelid = c.oid)::text as indexes
        from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
          left join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        where n.nspname in ($schemas) and c.relkind in ('r', 'p') and not c.relispartition
          and not exists (select from pg_catalog.pg_depend d where d.classid = 'pg_catalog.pg_class'::regclass
            and d.objid = c.oid and d.deptype = 'e')
        order by 1, a.attnum
        """
}
