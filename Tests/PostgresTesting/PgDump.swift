import LocalPostgres
import OffPool
public import PostgresClient

/// The installation's own programs, run against a database: the independent view of what a test made.
public enum PgDump: Sendable {
    /// The schema as `pg_dump` sees it, without what differs from run to run.
    ///
    /// - Parameters:
    ///   - settings: The database; dumped as the superuser, so that nothing is left out.
    ///   - arguments: More arguments, such as `--schema=public`.
    /// - Returns: The statements, without comments, `\restrict` lines and blank lines.
    /// - Throws: ``ScratchDatabaseError`` with what `pg_dump` said.
    public static func schema(of settings: ConnectionSettings, arguments: [String] = []) async throws -> String {
        let all = settings.setting("user", to: "supabase_admin")
        let text = try await run("pg_dump", ["--schema-only"] + arguments, on: all)
        return text.split(separator: "\n").filter { line in
            !line.hasPrefix("--") && !line.hasPrefix("\\restrict") && !line.hasPrefix("\\unrestrict")
        }.joined(separator: "\n")
    }

    /// Runs a script by `psql`, as people do.
    ///
    /// - Parameters:
    ///   - script: The commands, backslash commands included.
    ///   - settings: The database and role.
    /// - Returns: What it printed, unaligned and without headers.
    /// - Throws: ``ScratchDatabaseError`` with what `psql` said.
    public static func psql(_ script: String, on settings: ConnectionSettings) async throws -> String {
        let arguments = ["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1"]
        return try await run("psql", arguments + ["--command", script], on: settings)
    }

    /// Runs one of the installation's client programs.
    ///
    /// - Parameters:
    ///   - program: Its name, such as `pg_restore`.
    ///   - arguments: Its arguments; the connection goes by environment.
    ///   - settings: The database and role.
    /// - Returns: What it wrote to standard output.
    /// - Throws: ``ScratchDatabaseError`` when the program is missing or fails.
    public static func run(
        _ program: String,
        _ arguments: [String],
        on settings: ConnectionSettings
    ) async throws -> String {
        let path = try await ThrowawayServer.shared.binaries.directory + "/" + program
        let environment = ChildEnvironment.plain.merging(settings.environment) { $1 }
        let child = try await offPool { try ChildProcess.run([path] + arguments, environment: environment) }
        guard child.status == 0 else {
            throw ScratchDatabaseError("\(program) ended with \(child.status): \(child.errorOutput)")
        }
        return child.output
    }
}
