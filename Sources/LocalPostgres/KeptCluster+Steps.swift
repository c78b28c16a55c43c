import Foundation
import OffPool
import PostgresTypes

/// The steps behind the commands; all but the reading ones run with the folder's lock held.
extension KeptCluster {
    func startLocked(
        binaries: ServerBinaries,
        options: LocalServerOptions,
        lock: FileLock
    ) async throws -> (server: LocalServer, outcome: StartOutcome) {
        let account = try ServerAccount.forThisProcess()
        guard var record = try record() else {
            return (try await create(binaries: binaries, account: account, options: options, lock: lock), .created)
        }
        if let postmaster = Postmaster.running(in: record.dataDirectory) {
            return (try server(record, postmaster), .alreadyRunning)
        }
        guard record.binaries.version.major == binaries.version.major else {
            throw LocalServerError.otherMajor(made: record.binaries.version.major, found: binaries.version.major)
        }
        record.binaries = binaries
        let running = try await run(record, account: account, options: options)
        return (running, .started)
    }

    /// Starts the server of complete files and records where it listens.
    private func run(
        _ record: ClusterRecord,
        account: ServerAccount,
        options: LocalServerOptions
    ) async throws -> LocalServer {
        var record = record
        var options = options
        options.port = options.port ?? record.port
        try PrivateDirectory.makeSocketDirectory(record.socketDirectory, for: account)
        clearStaleLocks(record)
        record.port = try await builder(record, account: account, options: options).startDetached()
        try TextFile.write(record.json(), to: recordPath, mode: 0o600)
        guard let postmaster = Postmaster.running(in: record.dataDirectory) else {
            throw LocalServerError.didNotStart(log: record.home + "/server.log", tail: "")
        }
        return try server(record, postmaster)
    }

    /// Removes what a killed server left: its process id may belong to another program of the same user by now.
    private func clearStaleLocks(_ record: ClusterRecord) {
        let sockets = (try? FileManager.default.contentsOfDirectory(atPath: record.socketDirectory)) ?? []
        let paths = [record.dataDirectory + "/postmaster.pid"] + sockets.map { "\(record.socketDirectory)/\($0)" }
        for path in paths { try? FileManager.default.removeItem(atPath: path) }
    }

    /// Makes the files; the record that says they are complete is written last.
    private func create(
        binaries: ServerBinaries,
        account: ServerAccount,
        options: LocalServerOptions,
        lock: FileLock
    ) async throws -> LocalServer {
        try await removeFiles()
        let home = try ClusterHome.make(in: folder, for: account)
        let password = try keptPassword()
        var record = ClusterRecord(
            binaries: binaries,
            home: home,
            socketDirectory: ClusterHome.socketDirectory(of: folder, user: account.user),
            port: try options.port ?? FreePort.probe()
        )
        try PrivateDirectory.makeSocketDirectory(record.socketDirectory, for: account)
        var hurried = options
        hurried.durability = .none
        hurried.port = record.port
        let builder = builder(record, account: account, options: hurried)
        try await builder.makeFiles(holding: lock)
        let (process, port) = try await builder.launch(holding: lock)
        do {
            let server = LocalServer(record: record, port: port, password: password)
            record.missingExtensions = try await ClusterShaper(server: server, era: options.era).run()
            try await Postmaster.stop(in: record.dataDirectory, signal: SIGINT)
        } catch {
            await process.end()
            throw error
        }
        await process.end()
        try await builder.sync()
        return try await run(record, account: account, options: options)
    }

    @discardableResult
    func stopLocked() async throws -> Bool {
        guard let record = try record() else { return false }
        // A stopped cluster leaves nothing outside of its folder; the socket's directory is empty then.
        defer { unsafe rmdir(record.socketDirectory) }
        guard Postmaster.running(in: record.dataDirectory) != nil else { return false }
        try await Postmaster.stop(in: record.dataDirectory, signal: SIGINT)
        return true
    }

    /// Deletes the record first, so that a deletion that is cut short is noticed.
    func removeFiles() async throws {
        let record = try record()
        let homes = ClusterHome.all(of: folder) + (record.map { [$0.home] } ?? [])
        try? FileManager.default.removeItem(atPath: recordPath)
        for home in homes where FileManager.default.fileExists(atPath: home) {
            // An interrupted making may have left its server behind.
            try await Postmaster.stop(in: home + "/data", signal: SIGQUIT)
            try await offPool { try FileManager.default.removeItem(atPath: home) }
        }
    }

    private func builder(_ record: ClusterRecord, account: ServerAccount, options: LocalServerOptions) -> ClusterBuilder
    {
        ClusterBuilder(
            binaries: record.binaries,
            account: account,
            home: record.home,
            socketDirectory: record.socketDirectory,
            options: options
        )
    }
}

// MARK: - Files of the folder

extension KeptCluster {
    private var recordPath: String { folder + "/cluster.json" }
    private var passwordPath: String { folder + "/password" }

    func locked() async throws -> FileLock {
        do {
            // Root's server runs as another user, who has to pass through.
            try PrivateDirectory.make(folder, mode: geteuid() == 0 ? 0o711 : 0o700)
            guard let lock = try await FileLock.acquire(folder + "/lock", within: .seconds(90)) else {
                throw LocalServerError.locked(folder)
            }
            return lock
        } catch let error as SystemCallError {
            throw LocalServerError.system("use the folder \(folder)", error)
        }
    }

    /// What is known of the finished cluster; `nil` when none was finished.
    func record() throws -> ClusterRecord? {
        guard FileManager.default.fileExists(atPath: recordPath) else { return nil }
        guard let text = TextFile.read(recordPath) else { throw LocalServerError.unreadable(recordPath) }
        return ClusterRecord(json: text)
    }

    private func keptPassword() throws -> String {
        if let password = TextFile.read(passwordPath), !password.isEmpty { return password }
        let password = GeneratedPassword.make()
        try TextFile.write(password, to: passwordPath, mode: 0o600)
        return password
    }

    func server(_ record: ClusterRecord, _ postmaster: Postmaster) throws -> LocalServer {
        guard let password = TextFile.read(passwordPath) else { throw LocalServerError.unreadable(passwordPath) }
        return LocalServer(record: record, port: postmaster.port, password: password)
    }
}

extension LocalServer {
    init(record: ClusterRecord, port: Int, password: String) {
        self.init(
            binaries: record.binaries,
            dataDirectory: record.dataDirectory,
            socketDirectory: record.socketDirectory,
            port: port,
            missingExtensions: record.missingExtensions,
            password: password
        )
    }
}
