import Foundation
public import PostgresClient

@testable import LocalPostgres

/// How a PgBouncer shares its connections to the server.
public enum PgBouncerMode: String, Sendable, CaseIterable {
    /// A client keeps its server connection until it leaves.
    case session
    /// A client has a server connection for the length of a transaction.
    case transaction
}

/// Runs a real PgBouncer before a database for the length of a piece of work.
///
/// It listens on 127.0.0.1, asks for the password of ``ConnectionSettings/password`` (SCRAM) and knows every role that may
/// log in. It runs as the server's account, for it refuses to be root, and ends with the work or with the process.
///
/// ```swift
/// try await withPgBouncer(.transaction, before: ScratchDatabase.current.settings) { pooled in
///     let session = try await ScratchDatabase.current.session(to: pooled)
///     …
/// }
/// ```
///
/// - Parameters:
///   - mode: How connections are shared.
///   - settings: The database behind it; any database of that server can be had through it.
///   - poolSize: Server connections for each database and role.
///   - maxClients: Clients in all; one more is turned away.
///   - port: The port to listen on; `nil` takes a free one.
///   - body: The work; gets the settings with the pooler's host and port. The console is the database `pgbouncer`.
/// - Returns: What the work returns.
/// - Throws: What the work throws; ``ScratchDatabaseError`` when PgBouncer is missing or does not start.
public func withPgBouncer<Result: Sendable>(
    _ mode: PgBouncerMode,
    before settings: ConnectionSettings,
    poolSize: Int = 4,
    maxClients: Int = 20,
    port: Int? = nil,
    _ body: (ConnectionSettings) async throws -> Result
) async throws -> Result {
    let roles = try await loginRoles(settings)
    let bouncer = try await PgBouncer.start(
        before: settings,
        roles: roles,
        lines: ["pool_mode = \(mode.rawValue)", "default_pool_size = \(poolSize)", "max_client_conn = \(maxClients)"],
        port: port
    )
    do {
        let pooled = settings.setting("host", to: "127.0.0.1").setting("port", to: String(bouncer.port))
        let result = try await body(pooled)
        await bouncer.process.end()
        return result
    } catch {
        await bouncer.process.end()
        throw error
    }
}

private func loginRoles(_ settings: ConnectionSettings) async throws -> [String] {
    let session = try await Session.connect(to: settings, applicationName: "wheels-db/test")
    let rows: [Row]
    do {
        rows = try await session.query("select rolname from pg_catalog.pg_roles where rolcanlogin order by 1")
    } catch {
        await session.close()
        throw error
    }
    await session.close()
    return rows.compactMap { $0[0] }
}

/// A PgBouncer process and the directory it reads its configuration from.
struct PgBouncer: Sendable {
    let process: SupervisedServer
    let port: Int

    /// Where Debian, and others, put the program; `nil` where it is not installed.
    static var program: String? {
        ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/usr/local/bin/pgbouncer", "/opt/homebrew/bin/pgbouncer"].first {
            FileManager.default.isExecutableFile(atPath: $0)
        }
    }

    static let missing = "PgBouncer is not installed: apt-get install pgbouncer"

    static func start(
        before settings: ConnectionSettings,
        roles: [String],
        lines: [String],
        port: Int?
    ) async throws -> PgBouncer {
        guard let program else { throw ScratchDatabaseError(missing) }
        let account = try ServerAccount.forThisProcess()
        var log = ""
        for _ in 0..<ClusterBuilder.portAttempts {
            let directory = try PrivateDirectory.makeTemporary("/tmp/wheels-db-pgbouncer-")
            try PrivateDirectory.make(directory, for: account)
            let listening = try port ?? FreePort.probe()
            let users = roles.map { "\"\($0)\" \"\(settings.password ?? "")\"\n" }.joined()
            try TextFile.write(users, to: directory + "/users.txt", mode: 0o600, owner: account)
            let text = configuration(before: settings, directory: directory, lines: lines, port: listening)
            try TextFile.write(text, to: directory + "/pgbouncer.ini", mode: 0o600, owner: account)
            // The supervising shell's children ignore SIGQUIT unless told otherwise, and it is what ends this one.
            let command = ["--default-signal=QUIT", program, directory + "/pgbouncer.ini"]
            let process = try SupervisedServer(
                command: account.command("/usr/bin/env", command),
                log: directory + "/pgbouncer.log",
                removing: (directory, "")
            )
            log = try await isReady(process, log: directory + "/pgbouncer.log")
            if log.contains("process up") { return PgBouncer(process: process, port: listening) }
            await process.end()
            guard log.contains("Address already in use") else { break }
        }
        throw ScratchDatabaseError("PgBouncer did not start: \(log)")
    }

    private static func configuration(
        before settings: ConnectionSettings,
        directory: String,
        lines: [String],
        port: Int
    ) -> String {
        let fixed = [
            "listen_addr = 127.0.0.1", "listen_port = \(port)", "unix_socket_dir =",
            "auth_type = scram-sha-256", "auth_file = \(directory)/users.txt", "admin_users = postgres",
            "ignore_startup_parameters = extra_float_digits",
        ]
        let database = "* = host=\(settings.host ?? "127.0.0.1") port=\(settings.port)"
        return "[databases]\n\(database)\n[pgbouncer]\n" + (fixed + lines).joined(separator: "\n") + "\n"
    }

    /// Waits until it listens or ends, and returns what it logged by then.
    private static func isReady(_ process: SupervisedServer, log: String) async throws -> String {
        let begin = ContinuousClock.now
        while true {
            let hasEnded = process.hasExited
            let text = TextFile.read(log) ?? ""
            if hasEnded || text.contains("process up") || ContinuousClock.now - begin > .seconds(20) { return text }
            try await Task.sleep(for: .milliseconds(5))
        }
    }
}
