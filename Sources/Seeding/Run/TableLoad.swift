import CatalogInspection
import PostgresClient
import SQLText

/// Brings the rows of one table into the database, in the transaction that is open.
///
/// A table without seeded rows takes them by COPY at once. Otherwise they go by COPY into a temporary table, and only
/// what is new or not as it should be is written: rows that are right are not even locked.
struct TableLoad: Sendable {
    let table: SeedTable
    let live: LiveTable
    let leftOut: Set<String>
    /// A number of its own, for the name of the temporary table.
    let number: Int
    let selfReferences: [ForeignKeyInfo]

    private var columns: [String] { table.columns.filter { !leftOut.contains($0) } }
    private var list: String { columns.map { SQLQuoting.identifier($0) }.joined(separator: ", ") }
    /// The temporary table with the rows as they should be.
    var stage: String { SQLQuoting.qualified("pg_temp", "wheels_seed_\(number)") }

    /// The key of two aliases is the same.
    func isSameKey(_ first: String, _ second: String) -> String {
        table.keyColumns.map { column in
            let name = SQLQuoting.identifier(column)
            return "\(first).\(name) = \(second).\(name)"
        }.joined(separator: " and ")
    }

    /// Copies the rows straight into the table.
    func copy(_ source: inout RowSource, in session: Session) async throws -> SeedReport.Table {
        let stored = try await session.copyIn("COPY \(table.qualifiedName) (\(list)) FROM STDIN", from: &source)
        return SeedReport.Table(name: table.displayName, inserted: stored)
    }

    /// Copies the rows beside the table and brings over what differs.
    func merge(_ source: inout RowSource, in session: Session) async throws -> SeedReport.Table {
        try await session.execute(
            Query(
                unsafeSQL: "create temporary table \(stage) on commit drop as "
                    + "select \(list) from \(table.qualifiedName) with no data"))
        var report = SeedReport.Table(name: table.displayName)
        var staged = try await session.copyIn("COPY \(stage) (\(list)) FROM STDIN", from: &source)
        if let sharedKey = table.sharedKey {
            report.leftOut = try await giveWay(sharedKey, in: session)
            staged -= report.leftOut
        }
        try await session.execute(Query(unsafeSQL: "analyze \(stage)"))
        report.updated = try await session.execute(Query(unsafeSQL: updateStatement))
        report.inserted = try await session.execute(Query(unsafeSQL: insertStatement))
        report.unchanged = staged - report.updated - report.inserted
        return report
    }

    private var updateStatement: String {
        let kept = Set(table.keyColumns + table.counters.map(\.column))
        let values = columns.filter { !kept.contains($0) }
        let assignments = values.map { "\(SQLQuoting.identifier($0)) = s.\(SQLQuoting.identifier($0))" }
        func row(_ alias: String) -> String {
            let fields = values.map { column in
                let name = "\(alias).\(SQLQuoting.identifier(column))"
                return live.columns[column]?.hasNoEquality == true ? "\(name)::pg_catalog.text" : name
            }
            return "row(\(fields.joined(separator: ", ")))"
        }
        return """
            update \(table.qualifiedName) t set \(assignments.joined(separator: ", ")) from \(stage) s
            where \(isSameKey("t", "s")) and \(row("t")) is distinct from \(row("s"))
            """
    }

    /// Counts again what triggers would have counted, and returns how many rows were wrong; NULL counts as nothing.
    func recount(in session: Session) async throws -> Int {
        guard !table.counters.isEmpty else { return 0 }
        let counted = table.counters.enumerated().map { "\($1.expression) as c\($0)" }.joined(separator: ", ")
        let pairs = table.counters.enumerated().map { ("t.\(SQLQuoting.identifier($1.column))", "n.c\($0)") }
        let wrong = pairs.map { "coalesce(\($0), 0) <> coalesce(\($1), 0)" }.joined(separator: " or ")
        let assignments = table.counters.enumerated().map { "\(SQLQuoting.identifier($1.column)) = n.c\($0)" }
        let key = table.keyColumns.map { SQLQuoting.identifier($0) }.joined(separator: ", ")
        return try await session.execute(
            Query(
                unsafeSQL: """
                    update \(table.qualifiedName) t set \(assignments.joined(separator: ", "))
                    from (select \(key), \(counted) from \(table.qualifiedName) t where \(table.isSeeded("t"))) n
                    where \(isSameKey("t", "n")) and (\(wrong))
                    """))
    }

    private var insertStatement: String {
        """
        insert into \(table.qualifiedName) (\(list)) select \(list) from \(stage) s
        where not exists (select from \(table.qualifiedName) t where \(isSameKey("t", "s")))
        """
    }

    /// Leaves out rows whose shared key a row of others has, and then those that refer to such rows.
    private func giveWay(_ sharedKey: String, in session: Session) async throws -> Int {
        let name = SQLQuoting.identifier(sharedKey)
        var count = try await session.execute(
            Query(
                unsafeSQL: """
                    delete from \(stage) s where exists (select from \(table.qualifiedName) t
                      where t.\(name) = s.\(name) and not \(table.isSeeded("t")))
                    """))
        guard count > 0 else { return 0 }
        for key in selfReferences {
            let child = key.columns.map { "s.\(SQLQuoting.identifier($0))" }.joined(separator: ", ")
            let parent = key.referencedColumns.map { SQLQuoting.identifier($0) }.joined(separator: ", ")
            let orphans = Query(
                unsafeSQL: """
                    delete from \(stage) s where (\(child)) is not null
                      and not exists (select from \(stage) p where (\(parent)) = (\(child)))
                    """)
            var more = 1
            while more > 0 {
                more = try await session.execute(orphans)
                count += more
            }
        }
        return count
    }
}
