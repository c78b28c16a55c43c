import CatalogInspection
import PostgresClient
import PostgresTypes

/// What a run finds in the database, and the plan that follows from it.
struct Surroundings: Sendable {
    let facts: DatabaseFacts
    let live: [String: LiveTable]
    let foreignKeys: [ForeignKeyInfo]
    /// The tables in the order they are filled.
    let tables: [SeedTable]
    let plan: SeedPlan

    var check: SchemaCheck { SchemaCheck(live: live) }

    /// Looks at the database; changes nothing.
    static func read(_ runner: SeedRunner, in session: Session) async throws -> Surroundings {
        let options = runner.options
        let facts = try await DatabaseQuery.facts(in: session)
        let live = try await LiveTable.read(["auth", "public"], in: session)
        let keys = try await ForeignKeyQuery.foreignKeys(in: session)
        let signs = try await ProductionSigns.read(
            in: session, protectedEnvironment: options.place.protectedEnvironment, ref: options.place.ref,
            seeded: SeedIdentity.accounts)
        let order = TableOrder(options.tables, foreignKeys: keys)
        let check = SchemaCheck(live: live)
        let obstacles = check.obstacles(order.tables)
        let present = obstacles.isEmpty ? try await Self.present(order.tables, in: session) : [:]
        let planned = order.tables.map { table in
            let rows = table.rows(at: options.scale)
            let there = present[table.displayName] ?? 0
            return SeedPlan.Table(
                name: table.displayName, rows: rows, present: there,
                bytes: SizeEstimate.bytes(
                    of: table, rows: rows, present: there, indexes: live[table.displayName]?.indexes ?? 0))
        }
        let size = try await session.query(
            "select pg_catalog.pg_database_size(pg_catalog.current_database())::text as bytes")
        let plan = SeedPlan(
            scale: options.scale, tables: planned, circles: order.circles,
            databaseBytes: try size.first?.value("bytes") ?? 0, limitBytes: options.limitBytes, signs: signs,
            findings: obstacles + check.unseeded(options.tables))
        return Surroundings(facts: facts, live: live, foreignKeys: keys, tables: order.tables, plan: plan)
    }

    /// How many seeded rows each table holds.
    private static func present(_ tables: [SeedTable], in session: Session) async throws -> [String: Int] {
        var counts: [String: Int] = [:]
        for table in tables {
            let rows = try await session.query(
                Query(
                    unsafeSQL:
                        "select pg_catalog.count(*)::text from \(table.qualifiedName) t where \(table.isSeeded("t"))"))
            counts[table.displayName] = rows.first?[0].flatMap { Int($0) } ?? 0
        }
        return counts
    }
}
