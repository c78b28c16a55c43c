import CatalogInspection

/// What was found in an object that was opened and decoded.
struct ObjectContent: Sendable {
    /// Rows that count.
    var rows = 0
    /// Bytes of schema and COPY.
    var bytes = 0
    /// For each table: how many rows of it count, and their content digest, where it can be computed from them.
    var tables: [String: (rows: Int, digest: Int128)] = [:]
}

/// Rows and digests of tables, added up over objects.
struct TableTotals: Sendable {
    private var tables: [String: (rows: Int, digest: Int128)] = [:]

    mutating func add(_ content: ObjectContent) {
        for (name, part) in content.tables {
            let sum = tables[name, default: (0, 0)]
            tables[name] = (sum.rows + part.rows, sum.digest + part.digest)
        }
    }

    /// Whether a table has the rows that its manifest notes.
    func agree(with record: TableRecord) -> Bool {
        let found = tables[record.table.displayName, default: (0, 0)]
        guard found.rows == record.rows else { return false }
        return record.digestTypes == nil || String(found.digest) == record.digest
    }
}
