public import PostgresClient
import PostgresTypes

/// Digests the system catalogs that `pg_dump --schema-only` reads: two kilobytes instead of the most of a megabyte.
public enum CatalogDigestQuery: Sendable {
    /// The digests in the snapshot of a session.
    ///
    /// Every table of the schema `pg_catalog` counts, whatever the server's version has there, but for those that change
    /// without a change of the schema. Of `pg_class` the content counts and not the rows' identity, because `TRUNCATE`,
    /// `REINDEX` and `REFRESH MATERIALIZED VIEW` write its rows anew. Tables of TOAST and temporary tables are left out.
    ///
    /// - Parameter session: A session in the snapshot, with `search_path` empty.
    /// - Returns: The digests.
    /// - Throws: `PostgresError`.
    public static func digests(in session: Session) async throws -> CatalogDigests {
        let catalogs = try await catalogs(in: session)
        var notReadable = catalogs.filter { !$0.isReadable && !partlyReadable.contains($0.name) }.map(\.name)
        let readable = catalogs.filter(\.isReadable).map(\.name)
        let names = readable + ["roles", "settings", "user mappings"]
        let values = names.map { "(\(expression(of: $0)))" }.joined(separator: ",\n")
        let sql = "\(hidden)\nselect pg_catalog.concat_ws(' ', \(values)) as digests"
        let answer: String = try await session.query(Query(unsafeSQL: sql)).first?.value("digests") ?? ""
        let parts = answer.split(separator: " ").map(String.init)
        guard parts.count == names.count else {
            throw PostgresError(kind: .unexpectedAnswer, message: "The server did not digest all of its catalogs")
        }
        var digests = Dictionary(uniqueKeysWithValues: zip(names, parts))
        // What is not readable is seen through a view that hides the options, where anything is there to be hidden.
        if !readable.contains("pg_user_mapping"), digests["user mappings"] != "0" {
            notReadable.append("pg_user_mapping")
        }
        digests["user mappings"] = nil
        return CatalogDigests(digests: digests, notReadable: notReadable.sorted())
    }

    private struct Catalog {
        let name: String
        let isReadable: Bool
    }

    private static func catalogs(in session: Session) async throws -> [Catalog] {
        let sql = """
            select pg_catalog.string_agg(
              c.relname || case when pg_catalog.has_table_privilege(c.oid, 'select') then '' else '!' end, ' '
              order by c.relname collate "C") as names
            from pg_catalog.pg_class c
            where c.relnamespace = 'pg_catalog'::pg_catalog.regnamespace and c.relkind in ('r', 'p')
              and c.relname <> all ('{\(irrelevant.sorted().joined(separator: ","))}')
            """
        let names: String = try await session.query(Query(unsafeSQL: sql)).first?.value("names") ?? ""
        return names.split(separator: " ").map { name in
            Catalog(name: String(name.prefix { $0 != "!" }), isReadable: !name.hasSuffix("!"))
        }
    }

    /// Catalogs that hold nothing that a dump of a schema shows: statistics, large objects, states of replication, who
    /// owns what across databases, and what belongs to the server and not to one database.
    ///
    /// `pg_authid` stands for itself as the names of the roles: passwords and attributes are no part of a schema.
    static let irrelevant: Set = [
        "pg_auth_members", "pg_authid", "pg_largeobject", "pg_largeobject_metadata", "pg_parameter_acl",
        "pg_replication_origin", "pg_shdepend", "pg_statistic", "pg_statistic_ext_data", "pg_subscription_rel",
    ]

    /// Catalogs of which pg_dump reads no more than the role may: subscriptions are a superuser's business, and mappings
    /// of users are looked at through a view.
    private static let partlyReadable: Set = ["pg_subscription", "pg_user_mapping"]

    /// Relations, types and schemas that come and go without a change of the schema: temporary ones, and TOAST.
    private static let hidden = """
        with temporary as materialized (
          select oid from pg_catalog.pg_namespace where nspname ~ '^pg_(toast_)?temp_[0-9]+$'),
        hidden as materialized (
          select 'pg_catalog.pg_class'::pg_catalog.regclass::oid as classid, c.oid from pg_catalog.pg_class c
          where c.relpersistence = 't' or c.relnamespace = 'pg_toast'::pg_catalog.regnamespace
          union all
          select 'pg_catalog.pg_type'::pg_catalog.regclass::oid, t.oid from pg_catalog.pg_type t
          where t.typnamespace in (select oid from temporary)
          union all
          select 'pg_catalog.pg_namespace'::pg_catalog.regclass::oid, oid from temporary),
        relations as materialized (
          select oid from hidden where classid = 'pg_catalog.pg_class'::pg_catalog.regclass)
        """

    /// Which rows of a catalog count, where it is not all of them.
    private static let conditions = [
        "pg_attrdef": "t.adrelid not in (select oid from relations)",
        "pg_attribute": "t.attrelid not in (select oid from relations)",
        "pg_constraint": "t.conrelid not in (select oid from relations)",
        "pg_database": "t.oid = \(database)",
        "pg_db_role_setting": "t.setdatabase = \(database)",
        "pg_depend": """
        (t.classid, t.objid) not in (select classid, oid from hidden)
        and (t.refclassid, t.refobjid) not in (select classid, oid from hidden)
        """,
        "pg_index": "t.indrelid not in (select oid from relations)",
        "pg_inherits": "t.inhrelid not in (select oid from relations)",
        "pg_namespace": "t.oid not in (select oid from temporary)",
        "pg_rewrite": "t.ev_class not in (select oid from relations)",
        "pg_sequence": "t.seqrelid not in (select oid from relations)",
        "pg_shdescription": "t.classoid = 'pg_catalog.pg_database'::pg_catalog.regclass and t.objoid = \(database)",
        "pg_shseclabel": "t.classoid = 'pg_catalog.pg_database'::pg_catalog.regclass and t.objoid = \(database)",
        "pg_trigger": "t.tgrelid not in (select oid from relations)",
        "pg_type": "t.typnamespace not in (select oid from temporary)",
    ]

    private static let database = """
        (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database())
        """

    /// The query of one digest, a value without spaces.
    private static func expression(of name: String) -> String {
        switch name {
        case "roles":
            return digest("oid::text || ' ' || rolname", from: "pg_catalog.pg_roles")
        case "settings":
            // How values are written depends on some that pg_dump does not set itself, such as TimeZone. Those with a dot
            // are there or not depending on what the session has loaded.
            return digest(
                "name || ' ' || coalesce(reset_val, '')",
                from: "pg_catalog.pg_settings where context in ('user', 'superuser') and name !~ '[.]'")
        case "user mappings":
            return "select pg_catalog.count(*)::text from pg_catalog.pg_user_mappings"
        case "pg_class":
            return digest(
                """
                (pg_catalog.to_jsonb(c) - '{\(unstable.joined(separator: ","))}'::text[])::text
                || coalesce(t.reloptions::text, '')
                """,
                from: """
                    pg_catalog.pg_class c left join pg_catalog.pg_class t on t.oid = c.reltoastrelid
                    where c.oid not in (select oid from relations)
                    """)
        default:
            let condition = conditions[name].map { " where \($0)" } ?? ""
            return """
                select \(packed("pg_catalog.hash_record_extended(row(t.ctid, t.xmin), 0)"))
                from pg_catalog.\(name) t\(condition)
                """
        }
    }

    /// Columns of `pg_class` that say where and how full a table is.
    private static let unstable = [
        "relfilenode", "relpages", "reltuples", "relallvisible", "relallfrozen", "reltoastrelid", "relfrozenxid",
        "relminmxid",
    ]

    private static func digest(_ text: String, from source: String) -> String {
        "select \(packed("pg_catalog.hashtextextended((\(text)) collate \"C\", 0)")) from \(source)"
    }

    private static func packed(_ hash: String) -> String {
        """
        pg_catalog.lpad(pg_catalog.to_hex(
          pg_catalog.hash_record_extended(row(pg_catalog.count(*), pg_catalog.sum(\(hash))), 0)), 16, '0')
        """
    }
}
