import CatalogInspection
import Diagnostics
import PostgresClient
import PostgresTypes

/// The writing part of a run, in the transaction that is open.
struct SeedWriting: Sendable {
    let runner: SeedRunner
    let found: Surroundings
    let session: Session

    private var options: SeedOptions { runner.options }

    /// Writes, proves, prunes and advances.
    func run(since begin: ContinuousClock.Instant) async throws -> SeedReport {
        let sequences = try await SequenceAdvance.read(found.tables, in: session)
        let password = try await SeedPassword.make(options.password, in: session)
        try await session.execute("set local session_replication_role = replica")
        var reports: [SeedReport.Table] = []
        var staged: [String: TableLoad] = [:]
        var done = 0
        for (number, planned) in zip(found.tables.indices, found.plan.tables) {
            let table = found.tables[number]
            let load = load(table, number)
            // A shared key is looked up beside the table; a table without seeded rows takes them at once.
            let isFresh = planned.present == 0 && table.sharedKey == nil
            let rows = try await write(load, at: done, copiesAtOnce: isFresh, passwordHash: password.hash)
            if !isFresh { staged[table.displayName] = load }
            reports.append(rows)
            done += planned.rows
        }
        for index in reports.indices {
            reports[index].updated += try await staged[reports[index].name]?.recount(in: session) ?? 0
        }
        let proved = try await prove(reports)
        try await session.execute("set local session_replication_role = origin")
        if options.prunes { try await prune(staged, &reports) }
        try await sequences.run(in: session)
        return SeedReport(tables: reports, password: password.source, provedKeys: proved, duration: .now - begin)
    }

    private func load(_ table: SeedTable, _ number: Int) -> TableLoad {
        TableLoad(
            table: table,
            live: found.live[table.displayName] ?? LiveTable(displayName: "", columns: [:], indexes: 0),
            leftOut: found.check.leftOut(table), number: number,
            selfReferences: found.foreignKeys.filter {
                "\($0.schema).\($0.table)" == table.displayName
                    && "\($0.referencedSchema).\($0.referencedTable)" == table.displayName
            })
    }

    private func write(
        _ load: TableLoad,
        at done: Int,
        copiesAtOnce: Bool,
        passwordHash: String
    ) async throws -> SeedReport.Table {
        let name = load.table.displayName
        let total = found.plan.rows
        let onEvent = runner.onEvent
        onEvent(.wrote(rows: done, of: total, table: name))
        var source = RowSource(
            load.table, at: options.scale, leavingOut: load.leftOut, inputs: .init(passwordHash: passwordHash)
        ) { onEvent(.wrote(rows: done + $0, of: total, table: name)) }
        return try await SeedError.explaining("Rows of \(name) could not be written") {
            copiesAtOnce ? try await load.copy(&source, in: session) : try await load.merge(&source, in: session)
        }
    }

    /// Counts seeded rows whose references point nowhere, for each key of a table that got rows.
    private func prove(_ reports: [SeedReport.Table]) async throws -> Int {
        let changed = Set(reports.filter(\.isChanged).map(\.name))
        let tables = Dictionary(found.tables.map { ($0.displayName, $0) }) { first, _ in first }
        let keys = found.foreignKeys.filter { changed.contains("\($0.schema).\($0.table)") }
        runner.onEvent(.proving(keys: keys.count))
        var findings: [Finding] = []
        for key in keys {
            guard let table = tables["\(key.schema).\(key.table)"] else { continue }
            let rows = try await session.query(Query(unsafeSQL: key.orphanCount(among: table.isSeeded("c"))))
            guard let count = rows.first?[0], count != "0" else { continue }
            findings.append(
                Finding(
                    code: "seed.orphan-rows", severity: .error, subject: table.displayName,
                    message: "\(count) seeded rows of \(table.displayName) break the foreign key \(key.name)."))
        }
        guard findings.isEmpty else { throw SeedError.orphans(findings) }
        return keys.count
    }

    /// Removes seeded rows that are not among the rows of this scale; triggers and foreign keys are on again.
    private func prune(_ staged: [String: TableLoad], _ reports: inout [SeedReport.Table]) async throws {
        let removal = SeedRemoval(tables: found.tables, foreignKeys: found.foreignKeys) { table, alias in
            guard let load = staged[table.displayName] else { return nil }
            return
                "\(table.isSeeded(alias)) and not exists (select from \(load.stage) s where \(load.isSameKey(alias, "s")))"
        }
        let dependents = try await removal.dependents(in: session)
        guard dependents.isEmpty || options.removesDependents else {
            throw SeedError.dependents(
                dependents, command: "wheels-db seed apply --scale \(options.scale.factor) --prune --cascade")
        }
        let onEvent = runner.onEvent
        let removed = try await removal.run(in: session) { onEvent(.pruning(table: $0.displayName)) }
        for index in reports.indices { reports[index].removed = removed[reports[index].name] ?? 0 }
    }
}
