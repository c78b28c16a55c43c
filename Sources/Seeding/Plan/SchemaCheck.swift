import Diagnostics

/// Compares what is seeded with the tables the server has.
struct SchemaCheck: Sendable {
    let live: [String: LiveTable]

    /// What keeps the seed from being written: a table or column that is missing, or one that nothing fills.
    func obstacles(_ tables: [SeedTable]) -> [Finding] { tables.flatMap { obstacles($0) } }

    /// Tables of schema `public` that nothing seeds.
    func unseeded(_ tables: [SeedTable]) -> [Finding] {
        let seeded = Set(tables.map(\.displayName))
        return live.keys.filter { $0.hasPrefix("public.") && !seeded.contains($0) }.sorted().map { name in
            Finding(
                code: "seed.table-unseeded", severity: .warning, subject: name,
                message: "Nothing seeds the table \(name); it stays as it is.",
                remedy: Remedy("Add a file for it under Sources/Seeding/Tables."))
        }
    }

    /// The columns that a table's rows leave out, because the server does not have them or computes them.
    func leftOut(_ table: SeedTable) -> Set<String> {
        guard table.followsServer, let live = live[table.displayName] else { return [] }
        return Set(table.columns.filter { live.columns[$0]?.isGenerated ?? true })
    }

    private func obstacles(_ table: SeedTable) -> [Finding] {
        guard let live = live[table.displayName] else {
            return [
                Finding(
                    code: "seed.table-missing", severity: .error, subject: table.displayName,
                    message: "The table \(table.displayName) does not exist.",
                    remedy: table.schema == "public"
                        ? Remedy("Apply the migrations first.", command: "wheels-db migrate up")
                        : Remedy("Seeding needs a Supabase project with its schema auth."))
            ]
        }
        let leftOut = leftOut(table)
        let missing = table.columns.filter { !leftOut.contains($0) && live.columns[$0] == nil }.map { column in
            Finding(
                code: "seed.column-missing", severity: .error, subject: table.displayName,
                message: "The table \(table.displayName) has no column \"\(column)\", which seeding fills.",
                remedy: Remedy("Apply the migrations first.", command: "wheels-db migrate up"))
        }
        let generated = table.columns.filter { !leftOut.contains($0) && live.columns[$0]?.isGenerated == true }.map {
            Finding(
                code: "seed.column-generated", severity: .error, subject: table.displayName,
                message: "The column \"\($0)\" of \(table.displayName) is computed by the server, and seeding fills it."
            )
        }
        let filled = Set(table.columns)
        let unfilled = live.columns.values.filter { $0.needsValue && !$0.isGenerated && !filled.contains($0.name) }
            .map(\.name).sorted().map { column in
                Finding(
                    code: "seed.column-unfilled", severity: .error, subject: table.displayName,
                    message:
                        "The column \"\(column)\" of \(table.displayName) needs a value, and seeding has none for it.",
                    remedy: Remedy("Give it a default, or fill it in the table's file under Sources/Seeding/Tables."))
            }
        return missing + generated + unfilled
    }
}
