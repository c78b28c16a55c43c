import Foundation
import PostgresClient
import PostgresTypes

/// The cluster of a folder such as `.wheels/local`, which keeps its data and outlives the command that started it.
///
/// ```swift
/// let cluster = KeptCluster(folder: ".wheels/local")
/// let started = try await cluster.start(binaries: binaries)
/// print(started.server.url())
/// ```
///
/// Starting, stopping and resetting hold a lock on the folder: two commands at once do not clash, the second one finds
/// what the first one did. A cluster whose making was interrupted is made anew; one that was killed recovers from its
/// log at the next start.
public struct KeptCluster: Sendable {
    /// What a start did.
    public enum StartOutcome: String, Sendable {
        /// The cluster did not exist.
        case created
        /// It existed and did not run.
        case started
        /// It runs already.
        case alreadyRunning
    }

    /// The folder, as an absolute path.
    public let folder: String

    /// The cluster of a folder; nothing is touched yet.
    ///
    /// - Parameter folder: The folder, such as `.wheels/local`.
    public init(folder: String) {
        self.folder = URL(fileURLWithPath: folder).standardizedFileURL.path
    }

    /// Makes sure that the server runs.
    ///
    /// - Parameters:
    ///   - binaries: The installation to use; its major version must be the one that made the cluster.
    ///   - options: Settings of the server; a change takes effect when the server is started again.
    /// - Returns: The running server, and whether it was made, started, or there.
    /// - Throws: ``LocalServerError``; `PostgresError` when a statement of a new cluster's shape fails.
    public func start(
        binaries: ServerBinaries,
        options: LocalServerOptions = LocalServerOptions()
    ) async throws -> (server: LocalServer, outcome: StartOutcome) {
        let lock = try await locked()
        defer { lock.release() }
        return try await startLocked(binaries: binaries, options: options)
    }

    /// Stops the server after ending its sessions; a stopped one is left alone.
    ///
    /// - Returns: Whether it ran.
    /// - Throws: ``LocalServerError``.
    @discardableResult
    public func stop() async throws -> Bool {
        guard try record() != nil else { return false }
        let lock = try await locked()
        defer { lock.release() }
        return try await stopLocked()
    }

    /// Throws the data away and makes the cluster anew, with the same port and password.
    ///
    /// - Parameters:
    ///   - binaries: The installation to use.
    ///   - options: Settings of the server.
    /// - Returns: The running server.
    /// - Throws: As ``start(binaries:options:)``.
    public func reset(
        binaries: ServerBinaries,
        options: LocalServerOptions = LocalServerOptions()
    ) async throws -> LocalServer {
        let lock = try await locked()
        defer { lock.release() }
        try await stopLocked()
        var options = options
        options.port = try options.port ?? record()?.port
        try await removeFiles()
        return try await startLocked(binaries: binaries, options: options).server
    }

    /// Stops the server and deletes its folder.
    ///
    /// - Throws: ``LocalServerError``.
    public func remove() async throws {
        guard FileManager.default.fileExists(atPath: folder) else { return }
        let lock = try await locked()
        defer { lock.release() }
        try await stopLocked()
        try await removeFiles()
        let folder = folder
        try await offPool { try FileManager.default.removeItem(atPath: folder) }
    }

    /// What there is and whether it runs.
    ///
    /// - Returns: The state; a cluster that was never made is ``LocalServerStatus/State/absent``.
    /// - Throws: ``LocalServerError`` when the cluster belongs to another user.
    public func status() async throws -> LocalServerStatus {
        guard let record = try record() else { return LocalServerStatus(folder: folder, state: .absent) }
        var status = LocalServerStatus(folder: folder, state: .stopped)
        let home = record.home
        status.diskBytes = try await offPool { PrivateDirectory.size(of: home) }
        status.dataDirectory = record.dataDirectory
        guard let postmaster = Postmaster.running(in: record.dataDirectory) else { return status }
        let server = try server(record, postmaster)
        status.state = .running(pid: postmaster.pid)
        status.url = server.url()
        status.startedAt = postmaster.startedAt.map { Date(timeIntervalSince1970: Double($0)) }
        let session = try await Session.connect(to: server.settings(), applicationName: "wheels-db/local")
        status.version = session.serverVersion
        let sizes = try await session.query("SELECT sum(pg_database_size(oid))::bigint AS bytes FROM pg_database")
        status.databaseBytes = try sizes.first?.value("bytes", as: Int.self)
        await session.close()
        return status
    }

    /// The running server, without starting it.
    ///
    /// - Returns: The server, or `nil` when it does not run.
    /// - Throws: ``LocalServerError`` when the cluster belongs to another user.
    public func runningServer() throws -> LocalServer? {
        guard let record = try record(), let postmaster = Postmaster.running(in: record.dataDirectory) else {
            return nil
        }
        return try server(record, postmaster)
    }
}

// MARK: - Steps, with the lock held

extension KeptCluster {
    private func startLocked(
        binaries: ServerBinaries,
        options: LocalServerOptions
    ) async throws -> (server: LocalServer, outcome: StartOutcome) {
        let account = try ServerAccount.forThisProcess()
        guard var record = try record() else {
            return (try await create(binaries: binaries, account: account, options: options), .created)
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
        options: LocalServerOptions
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
        try await builder.makeFiles()
        let (process, port) = try await builder.launch()
        do {
            let server = LocalServer(record: record, port: port, password: password)
            record.missingExtensions = try await ClusterShaper(server: server, era: options.era).run()
            try await Postmaster.stop(in: record.dataDirectory, signal: SIGINT)
        } catch {
            try? await process.end()
            throw error
        }
        try await process.end()
        try await builder.sync()
        return try await run(record, account: account, options: options)
    }

    @discardableResult
    private func stopLocked() async throws -> Bool {
        guard let record = try record(), Postmaster.running(in: record.dataDirectory) != nil else { return false }
        try await Postmaster.stop(in: record.dataDirectory, signal: SIGINT)
        return true
    }

    /// Deletes the record first, so that a deletion that is cut short is noticed.
    private func removeFiles() async throws {
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

    private func locked() async throws -> FileLock {
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
    private func record() throws -> ClusterRecord? {
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

    private func server(_ record: ClusterRecord, _ postmaster: Postmaster) throws -> LocalServer {
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
