import Glibc
import OffPool
import PostgresTypes

/// Makes a cluster's files and runs its server: what kept and throwaway clusters have in common.
///
/// All files of the server lie in ``home``: `data/` and `server.log`.
struct ClusterBuilder: Sendable {
    let binaries: ServerBinaries
    let account: ServerAccount
    let home: String
    let socketDirectory: String
    let options: LocalServerOptions
    /// Where a port comes from when none is wanted, or the wanted one is taken.
    var freePort: @Sendable () throws -> Int = { try FreePort.probe() }

    var dataDirectory: String { home + "/data" }
    var log: String { home + "/server.log" }

    /// How often another port is tried when somebody took the one that was free.
    static let portAttempts = 8

    /// Runs `initdb` in an empty home.
    ///
    /// The bootstrap superuser is `supabase_admin`, so that `postgres` can be the ordinary role it is on Supabase.
    /// `initdb` does not sync: a throwaway cluster needs it never, a kept one is synced when it is complete.
    ///
    /// `initdb` holds the lock too: who waits for the lock of a killed owner also waits for its `initdb`.
    func makeFiles(holding lock: FileLock) async throws {
        for locale in ["C.UTF-8", "C"] {
            let command = account.command(
                binaries.initdb,
                [
                    "--pgdata", dataDirectory, "--username", "supabase_admin", "--encoding", "UTF8", "--locale", locale,
                    "--auth", "trust", "--no-sync", "--no-instructions",
                ]
            )
            let child = try await offPool { try ChildProcess.run(command, holding: lock) }
            if child.status == 0 { break }
            guard locale != "C", child.errorOutput.contains("locale") else {
                throw LocalServerError.program("initdb", output: child.errorOutput, doing: "making \(dataDirectory)")
            }
        }
        let path = dataDirectory + "/postgresql.conf"
        let original = TextFile.read(path) ?? ""
        let included = original + "\ninclude = '\(ServerConfiguration.fileName)'\n"
        try TextFile.write(included, to: path, mode: 0o600, owner: account)
    }

    /// Writes the files that are written anew before each start.
    func configure(port: Int) throws {
        let configuration = ServerConfiguration(
            options: options,
            port: port,
            socketDirectory: socketDirectory,
            preloadsStatistics: binaries.hasLibrary("pg_stat_statements")
        )
        let path = "\(dataDirectory)/\(ServerConfiguration.fileName)"
        try TextFile.write(configuration.text, to: path, mode: 0o600, owner: account)
        let rules = ServerConfiguration.hostBasedAuthentication
        try TextFile.write(rules, to: dataDirectory + "/pg_hba.conf", mode: 0o600, owner: account)
    }

    /// Makes the finished files survive a crash of the machine.
    func sync() async throws {
        let command = account.command(binaries.initdb, ["--sync-only", "--pgdata", dataDirectory])
        let child = try await offPool { try ChildProcess.run(command) }
        guard child.status == 0 else {
            throw LocalServerError.program("initdb", output: child.errorOutput, doing: "syncing \(dataDirectory)")
        }
    }

    /// Runs the server as a child that ends with this process.
    func launch(
        holding lock: FileLock? = nil,
        removing: (cluster: String, socket: String)? = nil
    ) async throws -> (SupervisedServer, port: Int) {
        try await onFreePort { port in
            let command = account.command(binaries.postgres, ["-D", dataDirectory])
            let process = try SupervisedServer(command: command, log: log, holding: lock, removing: removing)
            do {
                if try await isReady(process) { return process }
            } catch {
                await process.end()
                throw error
            }
            await process.end(keepingFiles: true)
            return nil
        }
    }

    private func isReady(_ process: SupervisedServer) async throws -> Bool {
        let begin = ContinuousClock.now
        while true {
            if let postmaster = Postmaster.running(in: dataDirectory), postmaster.isReady { return true }
            guard !process.hasExited, ContinuousClock.now - begin < .seconds(60) else { return false }
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    /// Starts the server with `pg_ctl`, so that it outlives this process.
    func startDetached() async throws -> Int {
        let command = account.command(
            binaries.pgCtl,
            ["start", "--pgdata", dataDirectory, "--log", log, "--wait", "--timeout", "60", "--silent"]
        )
        return try await onFreePort { port in
            let child = try await offPool { try ChildProcess.run(command) }
            return child.status == 0 ? port : nil
        }.0
    }

    /// Tries ports until the server gets one; `attempt` returns `nil` when the server did not start.
    private func onFreePort<Started>(
        _ attempt: (Int) async throws -> Started?
    ) async throws -> (Started, port: Int) {
        var port = try options.port ?? freePort()
        let begin = ContinuousClock.now
        for tried in 1... {
            try configure(port: port)
            try clearLog()
            if let started = try await attempt(port) { return (started, port) }
            let reason = TextFile.read(log) ?? ""
            switch StartFailure(log: reason) {
            case .portTaken where tried < Self.portAttempts:
                port = try freePort()
            case .predecessorStillThere where ContinuousClock.now - begin < .seconds(20):
                try await Task.sleep(for: .milliseconds(200))
            default:
                throw LocalServerError.didNotStart(log: log, tail: reason)
            }
        }
        preconditionFailure("the loop ends by return or throw")
    }

    /// Keeps the log of the last run beside the new one.
    private func clearLog() throws {
        _ = unsafe rename(log, log + ".old")
        try TextFile.write("", to: log, mode: 0o600, owner: account)
    }
}

/// Why a server did not start, as far as trying again helps.
enum StartFailure: Sendable, Hashable {
    /// Somebody else listens on the port.
    case portTaken
    /// Processes of a killed server are about to end.
    case predecessorStillThere
    /// Anything else.
    case other

    /// Reads the log of the failed start, which is in English because the server's environment says so.
    init(log: String) {
        if log.contains("Address already in use") {
            self = .portTaken
        } else if log.contains("pre-existing shared memory block") || log.contains("lock file \"postmaster.pid\"") {
            self = .predecessorStillThere
        } else {
            self = .other
        }
    }
}
