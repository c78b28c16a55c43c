import CatalogInspection
public import PostgresClient
import PostgresTypes
import SQLText

/// Reads what models are made of from the catalog; no row of a table is looked at.
public enum ModelCatalogQuery: Sendable {
    /// The relations and enums of some schemas, without those that belong to extensions and without partitions.
    ///
    /// - Parameters:
    ///   - session: A session that is in no transaction.
    ///   - schemas: The schemas.
    /// - Returns: The catalog, in an order that depends on names alone.
    /// - Throws: ``ModelError`` when a schema does not exist; `PostgresError`.
    public static func read(_ session: Session, schemas: [String]) async throws -> ModelCatalog {
        try await session.withTransaction(.repeatableReadOnly) { session in
            // No search path, so that names come qualified and the same whoever asks.
            try await session.executeScript(PinnedSettings.script)
            let wanted = PostgresArray(schemas)
            let missing = try await session.query(
                """
                select s.name from pg_catalog.unnest(\(wanted)::text[]) s(name)
                where not exists (select from pg_catalog.pg_namespace n where n.nspname = s.name)
                """
            )
            if let schema = missing.first?[0] { throw ModelError.noSchema(schema) }
            return ModelCatalog(
                schemas: schemas,
                relations: try await relations(session, wanted),
                enums: try await enums(session, wanted)
            )
        }
    }

    private static func relations(
        _ session: Session,
        _ schemas: PostgresArray<String>
    ) async throws -> [ModelRelation] {
        var columns: [OID: [ModelColumn]] = [:]
        for row in try await session.query(Query(unsafeSQL: columnSQL, parameters: [schemas.postgresText])) {
            columns[try row.value("attrelid"), default: []].append(try column(row))
        }
        let rows = try await session.query(Query(unsafeSQL: relationSQL, parameters: [schemas.postgresText]))
        return try rows.map { row in
            let isTable = try ["r", "p"].contains(row.value("relkind", as: String.self))
            return ModelRelation(
                schema: try row.value("nspname"),
                name: try row.value("relname"),
                kind: isTable ? .table : .view,
                comment: try row.optional("comment"),
                columns: columns[try row.value("oid")] ?? [],
                primaryKey: try row.optional("primary_key", as: PostgresArray<String>.self)?.values ?? []
            )
        }
    }

    private static func column(_ row: Row) throws -> ModelColumn {
        let name: String = try row.value("attname")
        let checks: PostgresArray<String>? = try row.optional("checks")
        // Each check has to hold: what one of them leaves out is no label.
        let lists = checks?.values.compactMap { ListedLabels.labels(in: $0, column: name) } ?? []
        let labels = lists.first?.filter { label in lists.dropFirst().allSatisfy { $0.contains(label) } } ?? []
        return ModelColumn(
            name: name,
            sqlType: try row.value("type_name"),
            type: ModelType(
                schema: try row.value("type_schema"),
                name: try row.value("base_name"),
                isArray: try row.value("is_array")
            ),
            isNotNull: try row.value("attnotnull"),
            source: ModelColumn.Source(rawValue: try row.value("source")) ?? .given,
            comment: try row.optional("comment"),
            labels: labels
        )
    }

    private static func enums(_ session: Session, _ schemas: PostgresArray<String>) async throws -> [ModelEnum] {
        try await session.query(Query(unsafeSQL: enumSQL, parameters: [schemas.postgresText])).map { row in
            ModelEnum(
                schema: try row.value("nspname"),
                name: try row.value("typname"),
                labels: try row.value("labels", as: PostgresArray<String>.self).values,
                comment: try row.optional("comment")
            )
        }
    }

    private static func isOfExtension(_ catalog: String, _ oid: String) -> String {
        """
        exists (select from pg_catalog.pg_depend d where d.classid = 'pg_catalog.\(catalog)'::regclass
          and d.objid = \(oid) and d.deptype = 'e')
        """
    }

    private static let isOurs = """
        c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition and c.relpersistence <> 't'
          and n.nspname = any ($1::text[]) and not \(isOfExtension("pg_class", "c.oid"))
        """

    private static let relationSQL = """
        select c.oid, n.nspname, c.relname, c.relkind, pg_catalog.obj_description(c.oid, 'pg_class') as comment,
          (select pg_catalog.array_agg(a.attname::text order by k.place)
           from pg_catalog.pg_constraint p cross join lateral pg_catalog.unnest(p.conkey) with ordinality k(number, place)
             join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum = k.number
           where p.conrelid = c.oid and p.contype = 'p') as primary_key
        from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        where \(isOurs)
        """

    /// `base` leads from each domain to the type below it; `element` is the type of an array's elements.
    private static let columnSQL = """
        with recursive base(oid, below) as (
          select t.oid, t.oid from pg_catalog.pg_type t where t.typtype <> 'd'
          union all select d.oid, b.below from pg_catalog.pg_type d join base b on b.oid = d.typbasetype
            where d.typtype = 'd'
        )
        select a.attrelid, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod) as type_name,
          tn.nspname as type_schema, t.typname as base_name, element.oid is not null as is_array, a.attnotnull,
          case when a.attgenerated <> '' or a.attidentity = 'a' then 'computed'
               when a.attidentity = 'd' or a.atthasdef then 'defaulted' else 'given' end as source,
          pg_catalog.col_description(c.oid, a.attnum) as comment,
          (select pg_catalog.array_agg(pg_catalog.pg_get_expr(k.conbin, k.conrelid) order by k.conname)
           from pg_catalog.pg_constraint k
           where k.conrelid = c.oid and k.contype = 'c' and k.conkey = array[a.attnum]) as checks
        from pg_catalog.pg_attribute a join pg_catalog.pg_class c on c.oid = a.attrelid
          join pg_catalog.pg_namespace n on n.oid = c.relnamespace
          join base b on b.oid = a.atttypid
          join pg_catalog.pg_type whole on whole.oid = b.below
          left join pg_catalog.pg_type element on element.oid = whole.typelem and element.typarray = whole.oid
          left join base eb on eb.oid = element.oid
          join pg_catalog.pg_type t on t.oid = coalesce(eb.below, whole.oid)
          join pg_catalog.pg_namespace tn on tn.oid = t.typnamespace
        where a.attnum > 0 and not a.attisdropped and \(isOurs)
        order by a.attrelid, a.attnum
        """

    private static let enumSQL = """
        select n.nspname, t.typname, pg_catalog.obj_description(t.oid, 'pg_type') as comment,
          (select coalesce(pg_catalog.array_agg(e.enumlabel::text order by e.enumsortorder), '{}')
           from pg_catalog.pg_enum e where e.enumtypid = t.oid) as labels
        from pg_catalog.pg_type t join pg_catalog.pg_namespace n on n.oid = t.typnamespace
        where t.typtype = 'e' and n.nspname = any ($1::text[]) and not \(isOfExtension("pg_type", "t.oid"))
        """
}
