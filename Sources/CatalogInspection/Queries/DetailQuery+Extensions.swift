public import PostgresClient
import PostgresTypes

extension DetailQuery {
    /// The installed extensions by name; PL/pgSQL, which every database has, is left out unless it has a configuration.
    ///
    /// - Parameter session: A session.
    /// - Returns: The extensions.
    /// - Throws: `PostgresError`.
    public static func extensions(in session: Session) async throws -> [ExtensionInfo] {
        var configuration: [String: [ExtensionConfiguration]] = [:]
        for row in try await session.query(Query(unsafeSQL: configurationSQL)) {
            configuration[try row.value("extname"), default: []].append(
                ExtensionConfiguration(
                    schema: try row.value("nspname"),
                    name: try row.value("relname"),
                    kind: try row.value("relkind", as: String.self) == "S" ? .sequence : .table,
                    condition: rowCondition(try row.optional("condition"))
                )
            )
        }
        return try await session.query(Query(unsafeSQL: extensionSQL)).compactMap { row in
            let name: String = try row.value("extname")
            let tables = configuration[name] ?? []
            guard name != "plpgsql" || !tables.isEmpty else { return nil }
            return ExtensionInfo(
                name: name,
                schema: try row.value("nspname"),
                version: try row.value("extversion"),
                owner: try row.value("owner"),
                configuration: tables
            )
        }
    }

    /// What stands after WHERE; extensions write the word themselves, and an empty text for all rows.
    ///
    /// - Parameter text: The text of `extcondition`.
    /// - Returns: The condition in parentheses; `nil` for all rows.
    static func rowCondition(_ text: String?) -> String? {
        guard var rest = text?.unicodeScalars[...] else { return nil }
        rest = rest.drop { $0.properties.isWhitespace }
        guard String(rest.prefix(5)).lowercased() == "where" else { return nil }
        // A line comment at the end must not swallow the parenthesis.
        return "(\(String(rest.dropFirst(5)))\n)"
    }

    private static let extensionSQL = """
        select e.extname, n.nspname, e.extversion, pg_catalog.pg_get_userbyid(e.extowner) as owner
        from pg_catalog.pg_extension e join pg_catalog.pg_namespace n on n.oid = e.extnamespace
        order by e.extname collate "C"
        """

    private static let configurationSQL = """
        select e.extname, n.nspname, c.relname, c.relkind, e.extcondition[f.place] as condition
        from pg_catalog.pg_extension e
          cross join lateral pg_catalog.unnest(e.extconfig) with ordinality as f(relation, place)
          join pg_catalog.pg_class c on c.oid = f.relation join pg_catalog.pg_namespace n on n.oid = c.relnamespace
        order by e.extname collate "C", n.nspname collate "C", c.relname collate "C"
        """
}
