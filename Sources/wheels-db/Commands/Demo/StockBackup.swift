import Foundation
import PostgresClient

/// The files of Supabase's guide "Backup and Restore using the CLI": `roles.sql`, `schema.sql`, `data.sql`, and the two
/// of the migration history.
///
/// `supabase db dump` is `pg_dump` or `pg_dumpall` with the options used here, and an edit of what they print
/// (``StockFilter``). The CLI runs them in a container of its own; here they run as they are.
struct StockBackup: Sendable {
    let programs: StockPrograms
    let settings: ConnectionSettings
    let folder: String

    func path(_ name: String) -> String { "\(folder)/\(name)" }

    /// The first two commands of the guide.
    func dumpRolesAndSchema() async throws {
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        let roles = try await programs.output(
            of: programs.dumpAll,
            [
                "--roles-only", "--role=postgres", "--quote-all-identifiers", "--no-role-passwords", "--no-comments",
                "--no-password",
            ],
            on: settings
        )
        try write(StockFilter.roles(roles), to: "roles.sql")
        let schema = try await dump(["--schema-only", "--exclude-schema=\(StockFilter.outOfSchema)"])
        try write(StockFilter.schema(schema), to: "schema.sql")
    }

    /// The third command of the guide, and those of its part "Preserving migration history".
    func dumpData() async throws {
        var arguments = ["--data-only", "--schema=*", "--exclude-schema=\(StockFilter.outOfData)"]
        arguments += ["auth.schema_migrations", "storage.migrations", "supabase_functions.migrations"].map {
            "--exclude-table=\($0)"
        }
        // It may be large, so the program writes it itself.
        _ = try await dump(arguments + ["--file=\(path("data.sql"))"])
        let history = "--schema=supabase_migrations"
        try write(StockFilter.schema(try await dump(["--schema-only", history])), to: "history_schema.sql")
        _ = try await dump(["--data-only", history, "--file=\(path("history_data.sql"))"])
    }

    /// The size of all files.
    var bytes: Int {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.reduce(0) { sum, name in
            sum + ((try? FileManager.default.attributesOfItem(atPath: path(name))[.size] as? Int) ?? 0)
        }
    }

    private func dump(_ arguments: [String]) async throws -> String {
        try await programs.output(
            of: programs.dump,
            ["--quote-all-identifiers", "--role=postgres", "--no-password"] + arguments,
            on: settings
        )
    }

    private func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path(name)))
    }
}
