import LogicalBackup
import PostgresClient

/// The restore of Supabase's guide: psql, everything in one transaction, stopping at the first error.
struct StockRestore: Sendable {
    let backup: StockBackup
    let target: ConnectionSettings

    struct Outcome: Sendable {
        let status: Int32
        /// The last line that psql wrote to standard error.
        let lastMessage: String
    }

    /// The guide's command, as people type it.
    static let commandLine =
        "psql --single-transaction --variable ON_ERROR_STOP=1 --file roles.sql --file schema.sql"
        + " --command 'SET session_replication_role = replica' --file data.sql"

    /// Runs the command, and then the one of "Preserving migration history".
    func run() async throws -> Outcome {
        try await run([
            file("roles.sql") + file("schema.sql") + ["--command", "SET session_replication_role = replica"]
                + file("data.sql"),
            file("history_schema.sql") + file("history_data.sql"),
        ])
    }

    /// Runs the command without the rows.
    func runWithoutRows() async throws -> Outcome {
        try await run([file("roles.sql") + file("schema.sql")])
    }

    private func run(_ steps: [[String]]) async throws -> Outcome {
        for step in steps {
            let arguments = ["--single-transaction", "--variable", "ON_ERROR_STOP=1"] + step
            let outcome = try await backup.programs.run(backup.programs.psql, arguments, on: target)
            guard outcome.status == 0 else {
                let said = outcome.errors.split(separator: "\n").last.map(String.init) ?? ""
                return Outcome(status: outcome.status, lastMessage: said)
            }
        }
        return Outcome(status: 0, lastMessage: "")
    }

    private func file(_ name: String) -> [String] { ["--file", backup.path(name)] }
}
