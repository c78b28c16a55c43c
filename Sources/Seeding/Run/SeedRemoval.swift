import CatalogInspection
import Diagnostics
import PostgresClient
import SQLText

/// Removes seeded rows, children first, with triggers and foreign keys at work as for any other DELETE.
struct SeedRemoval: Sendable {
    /// The tables, referenced ones first.
    let tables: [SeedTable]
    let foreignKeys: [ForeignKeyInfo]
    /// Which seeded rows go, under an alias; `nil` for none of a table.
    let condition: @Sendable (SeedTable, String) -> String?

    /// Rows that seeding did not make and that refer to rows that go.
    func dependents(in session: Session) async throws -> [Finding] {
        let seeded = Dictionary(tables.map { ($0.displayName, $0) }) { first, _ in first }
        var findings: [Finding] = []
        for key in foreignKeys {
            guard
                let parent = seeded["\(key.referencedSchema).\(key.referencedTable)"], let goes = condition(parent, "p")
            else { continue }
            let pairs = zip(key.columns, key.referencedColumns).map {
                "p.\(SQLQuoting.identifier($1)) = c.\(SQLQuoting.identifier($0))"
            }
            let child = "\(key.schema).\(key.table)"
            let ofOthers = seeded[child].map { " and not \($0.isSeeded("c"))" } ?? ""
            let rows = try await session.query(
                Query(
                    unsafeSQL: """
                        select pg_catalog.count(*)::text from \(SQLQuoting.qualified(key.schema, key.table)) c
                        where exists (select from \(parent.qualifiedName) p
                          where \(pairs.joined(separator: " and ")) and \(goes))\(ofOthers)
                        """))
            let count = rows.first?[0].flatMap { Int($0) } ?? 0
            guard count > 0 else { continue }
            findings.append(
                Finding(
                    code: "seed.dependent-rows", severity: .warning, subject: child,
                    message: "\(count) \(count == 1 ? "row" : "rows") of \(child) that seeding did not make "
                        + "\(count == 1 ? "refers" : "refer") to seeded rows of \(parent.displayName) "
                        + "(\(key.columns.joined(separator: ", ")))."))
        }
        return findings
    }

    /// Removes the rows.
    ///
    /// - Returns: How many of each table.
    func run(in session: Session, onTable: (SeedTable) -> Void = { _ in }) async throws -> [String: Int] {
        var removed: [String: Int] = [:]
        for table in tables.reversed() {
            guard let condition = condition(table, "t") else { continue }
            onTable(table)
            removed[table.displayName] = try await delete(table, where: condition, in: session)
        }
        return removed
    }
    private func delete(_ table: SeedTable, where condition: String, in session: Session) async throws -> Int {
        try await SeedError.explaining("Seeded rows of \(table.displayName) could not be removed") {
            try await session.execute(Query(unsafeSQL: "delete from \(table.qualifiedName) t where \(condition)"))
        }
    }
}
