import SQLText

/// A foreign key, as far as its rows can be checked.
public struct ForeignKeyInfo: Sendable, Hashable, Codable {
    /// The constraint's name.
    public let name: String
    /// Schema of the referencing table.
    public let schema: String
    /// The referencing table.
    public let table: String
    /// Its columns, in the order of the key.
    public let columns: [String]
    /// Schema of the referenced table.
    public let referencedSchema: String
    /// The referenced table.
    public let referencedTable: String
    /// The referenced columns, in the order of the key.
    public let referencedColumns: [String]
    /// The operators by which the server compares, referenced column first, such as `operator(pg_catalog.=)`; where the
    /// columns' collations differ, with the one that the server uses.
    public let comparisons: [String]
    /// `MATCH FULL`: all columns are NULL, or none.
    public let matchesFully: Bool
    /// The referencing table is the root of a partition tree.
    public let isPartitioned: Bool
    /// The referenced table is the root of a partition tree.
    public let referencesPartitioned: Bool
    /// The server has checked all rows.
    public let isValidated: Bool

    /// The statement that counts rows whose key points nowhere.
    ///
    /// Values are compared as the key compares them: `=` alone, without a search path, would compare `citext` as text.
    /// A row with a NULL in its key points nowhere by intent, except that `MATCH FULL` forbids a mixture.
    public var orphanCount: String { orphanCount(among: nil) }

    /// The statement of ``orphanCount`` for some rows of the referencing table.
    ///
    /// - Parameter condition: SQL on the alias `c` that the rows fulfil; `nil` for all rows.
    /// - Returns: The statement.
    public func orphanCount(among condition: String?) -> String {
        let only = isPartitioned ? "" : "only "
        let referencedOnly = referencesPartitioned ? "" : "only "
        let child = columns.map { "c." + SQLQuoting.identifier($0) }
        let parent = referencedColumns.map { "p." + SQLQuoting.identifier($0) }
        let allSet = child.map { "\($0) is not null" }.joined(separator: " and ")
        let pairs = zip(zip(parent, comparisons), child).map { "\($0.0) \($0.1) \($1)" }.joined(separator: " and ")
        let orphan = """
            (\(allSet) and not exists (select from \(referencedOnly)\
            \(SQLQuoting.qualified(referencedSchema, referencedTable)) p where \(pairs)))
            """
        let nulls = child.map { "\($0) is null" }
        let mixed = " or ((\(nulls.joined(separator: " or "))) and not (\(nulls.joined(separator: " and "))))"
        return "select pg_catalog.count(*)::text from \(only)\(SQLQuoting.qualified(schema, table)) c where (\(orphan)"
            + (matchesFully ? mixed : "") + ")" + (condition.map { " and \($0)" } ?? "")
    }
}
