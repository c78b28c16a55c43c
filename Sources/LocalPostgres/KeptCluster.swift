import Foundation
import OffPool
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
        return try await startLocked(binaries: binaries, options: options, lock: lock)
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
        return try await startLocked(binaries: binaries, options: options, lock: lock).server
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
        let paths = [ClusterHome.socketDirectory(of: folder, user: try ServerAccount.forThisProcess().user), folder]
        try await offPool {
            for path in paths where FileManager.default.fileExists(atPath: path) {
                try FileManager.default.removeItem(atPath: path)
            }
        }
    }

    /// What there is and whether it runs.
    ///
    /// - Returns: The state; a cluster that was never made is ``LocalServerStatus/State/absent``.
    /// - Throws: ``LocalServerError`` when the cluster belongs to another user.
    public func status() async throws -> LocalServerStatus {
        guard let record = try record() else { return LocalServerStatus(folder: folder, state: .absent) }
        var status = LocalServerStatus(folder: folder, state: .stopped)
        let home = record.home
        status.diskBytes = await offPool { PrivateDirectory.size(of: home) }
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

    /// A sentence for people when the data does not lie below the folder; `nil` when it does.
    ///
    /// - Parameter server: The server of this cluster.
    /// - Returns: Where the data is, and why.
    public func note(on server: LocalServer) -> String? {
        guard !server.dataDirectory.hasPrefix(folder + "/") else { return nil }
        return "The server does not run as root, and its user may not enter \(folder): the data is in "
            + "\(server.dataDirectory)."
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
