import PostgresTypes

/// One line of the table of contents that `pg_restore --list` prints.
///
/// Such as `3423; 2620 22878 TRIGGER auth users on_auth_user_created supabase_auth_admin`.
struct ArchiveEntry: Sendable, Hashable {
    /// The number that selects the entry.
    let id: Int
    /// The catalog the object stands in; 0 for none.
    let catalog: OID
    /// The object's number there.
    let oid: OID
    /// What it is, such as `TABLE` or `FK CONSTRAINT`.
    let kind: String
    /// The schema, where it has one.
    let schema: String?
    /// The tag and the owner: what follows the schema.
    let rest: String
    /// The line as it was printed.
    let line: String

    /// The owner: what follows the last blank; extensions and their comments have none.
    var owner: String { rest.lastIndex(of: " ").map { String(rest[rest.index(after: $0)...]) } ?? "" }
    /// The tag: what stands before the owner.
    var tag: String { rest.lastIndex(of: " ").map { String(rest[..<$0]) } ?? rest }
    /// What it is called in messages: the tag with its schema.
    var name: String { "\(schema.map { "\($0)." } ?? "")\(tag)" }

    /// The kinds, longest first where one begins with another.
    private static let kinds = [
        "ACCESS METHOD", "ACL LANGUAGE", "ACL", "AGGREGATE", "BLOB METADATA", "BLOBS", "BLOB", "CAST",
        "CHECK CONSTRAINT",
        "COLLATION", "COMMENT", "CONSTRAINT", "CONVERSION", "DATABASE PROPERTIES", "DATABASE", "DEFAULT ACL", "DEFAULT",
        "DOMAIN", "ENCODING", "EVENT TRIGGER", "EXTENSION", "FK CONSTRAINT", "FOREIGN DATA WRAPPER", "FOREIGN SERVER",
        "FOREIGN TABLE", "FUNCTION", "INDEX ATTACH", "INDEX", "LARGE OBJECT", "MATERIALIZED VIEW DATA",
        "MATERIALIZED VIEW", "OPERATOR CLASS", "OPERATOR FAMILY", "OPERATOR", "POLICY", "PROCEDURAL LANGUAGE",
        "PROCEDURE", "PUBLICATION TABLES IN SCHEMA", "PUBLICATION TABLE", "PUBLICATION", "ROW SECURITY", "RULE",
        "SCHEMA", "SEARCHPATH", "SECURITY LABEL", "SEQUENCE OWNED BY", "SEQUENCE SET", "SEQUENCE", "SERVER",
        "SHELL TYPE", "STATISTICS", "STDSTRINGS", "SUBSCRIPTION TABLE", "SUBSCRIPTION", "TABLE ATTACH", "TABLE DATA",
        "TABLE", "TEXT SEARCH CONFIGURATION", "TEXT SEARCH DICTIONARY", "TEXT SEARCH PARSER", "TEXT SEARCH TEMPLATE",
        "TRANSFORM", "TRIGGER", "TYPE", "USER MAPPING", "VIEW",
    ]
    .sorted { $0.count > $1.count }

    /// Reads the list; comment lines begin with a semicolon.
    ///
    /// - Parameters:
    ///   - list: What `pg_restore --list` printed.
    ///   - schemas: The names of the schemas, which may hold blanks.
    /// - Returns: The entries in their order.
    static func entries(inList list: String, schemas: [String]) -> [ArchiveEntry] {
        let names = (schemas + ["-"]).sorted { $0.count > $1.count }
        return list.split(separator: "\n").compactMap { entry(in: String($0), schemas: names) }
    }

    private static func entry(in line: String, schemas: [String]) -> ArchiveEntry? {
        guard let match = line.firstMatch(of: #/^(\d+); (\d+) (\d+) (.*)$/#),
            let id = Int(match.1), let catalog = UInt32(match.2), let oid = UInt32(match.3)
        else { return nil }
        let text = String(match.4)
        guard let kind = kinds.first(where: { text.hasPrefix($0 + " ") }) else { return nil }
        let after = String(text.dropFirst(kind.count + 1))
        guard let schema = schemas.first(where: { after.hasPrefix($0 + " ") }) else { return nil }
        return ArchiveEntry(
            id: id,
            catalog: OID(catalog),
            oid: OID(oid),
            kind: kind,
            schema: schema == "-" ? nil : schema,
            rest: String(after.dropFirst(schema.count + 1)),
            line: line
        )
    }
}
