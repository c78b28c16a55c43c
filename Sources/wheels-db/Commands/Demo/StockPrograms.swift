import Diagnostics
import Foundation
import LocalPostgres
import LogicalBackup
import PostgresClient
import PostgresTypes

/// PostgreSQL's own client programs, as the guide's commands run them.
struct StockPrograms: Sendable {
    let dump: String
    let dumpAll: String
    let psql: String

    /// The programs of the installation that runs the server.
    ///
    /// - Throws: ``CommandError`` naming the missing program and the package that brings it.
    init(binaries: ServerBinaries) throws(CommandError) {
        func found(_ path: String?, _ name: String) throws(CommandError) -> String {
            if let path { return path }
            throw CommandError(
                "demo.no-client",
                "\(binaries.directory) has no \(name), which the stock procedure of the demonstration runs.",
                remedy: Remedy(
                    "Install it:", command: "apt-get install postgresql-client-\(binaries.version.major)"),
                failureClass: .notFound
            )
        }
        dump = try found(binaries.pgDump, "pg_dump")
        dumpAll = try found(binaries.pgDumpAll, "pg_dumpall")
        psql = try found(binaries.psql, "psql")
    }

    /// Runs a program on a database, with nothing of the caller's settings.
    ///
    /// The password travels in the environment, which other users cannot read; arguments they can.
    func run(
        _ program: String,
        _ arguments: [String],
        on settings: ConnectionSettings
    ) async throws -> ChildProgram.Outcome {
        var variables = ChildEnvironment.plain.merging(settings.environment) { _, new in new }
        variables["PSQLRC"] = "/dev/null"
        let outcome = try await ChildProgram.run(program, arguments, environment: variables)
        try Task.checkCancellation()
        return outcome
    }

    /// Runs a program that has to succeed.
    ///
    /// - Throws: ``CommandError`` with what the program said.
    func output(
        of program: String,
        _ arguments: [String],
        on settings: ConnectionSettings
    ) async throws -> String {
        let outcome = try await run(program, arguments, on: settings)
        guard outcome.status == 0 else {
            let name = program.split(separator: "/").last.map(String.init) ?? program
            let said = outcome.errors.split(separator: "\n").last.map(String.init) ?? "nothing"
            throw CommandError(
                "demo.\(name)-failed", "\(name) ended with \(outcome.status): \(said)", failureClass: .failure)
        }
        return outcome.output
    }
}
