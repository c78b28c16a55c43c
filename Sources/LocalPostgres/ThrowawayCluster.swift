import Foundation
import OffPool

/// A cluster in a temporary directory that is gone when its owner is: stopped, returned from, crashed or killed.
///
/// ```swift
/// try await withThrowawayServer(binaries: binaries) { server in
///     try await server.createSupabaseDatabase(named: "drill")
/// }
/// ```
public final class ThrowawayCluster: Sendable {
    /// The running server.
    public let server: LocalServer
    private let process: SupervisedServer
    private let ownership: FileLock

    private init(server: LocalServer, process: SupervisedServer, ownership: FileLock) {
        self.server = server
        self.process = process
        self.ownership = ownership
    }

    /// Makes a cluster and starts it.
    ///
    /// - Parameters:
    ///   - binaries: The installation to use.
    ///   - options: Settings of the server.
    ///   - parent: A directory with room for the data that the server's account can enter.
    /// - Returns: The cluster, running and shaped.
    /// - Throws: ``LocalServerError``, or `PostgresError` when a statement of the shape fails.
    public static func start(
        binaries: ServerBinaries,
        options: LocalServerOptions = .throwaway,
        in parent: String = "/tmp"
    ) async throws -> ThrowawayCluster {
        let account = try ServerAccount.forThisProcess()
        await ThrowawayFolder.sweep(parent)
        let folder = try await offPool { try ThrowawayFolder.make(in: parent, for: account) }
        let builder = ClusterBuilder(
            binaries: binaries,
            account: account,
            home: folder.home,
            socketDirectory: folder.socketDirectory,
            options: options
        )
        do {
            try await builder.makeFiles(holding: folder.ownership)
            let (process, port) = try await builder.launch(removing: (folder.path, folder.socketDirectory))
            var server = LocalServer(
                binaries: binaries,
                dataDirectory: builder.dataDirectory,
                socketDirectory: folder.socketDirectory,
                port: port,
                missingExtensions: [],
                password: GeneratedPassword.make()
            )
            do {
                server.missingExtensions = try await ClusterShaper(server: server, era: options.era).run()
            } catch {
                await process.end()
                throw error
            }
            return ThrowawayCluster(server: server, process: process, ownership: folder.ownership)
        } catch {
            folder.remove()
            throw error
        }
    }

    /// Stops the server at once and removes its files.
    public func stop() async {
        await process.end()
        ownership.release()
    }

    /// Stops the server and removes its files, blocking the thread: for the exit of the process.
    public func stopBlocking() {
        process.endNow()
        ownership.release()
    }
}

/// Lends a throwaway server to a piece of work and removes it afterwards, whatever the work does.
///
/// - Parameters:
///   - binaries: The installation to use.
///   - options: Settings of the server.
///   - parent: A directory with room for the data that the server's account can enter.
///   - body: The work.
/// - Returns: What the work returns.
/// - Throws: What the work throws; ``LocalServerError`` when the server does not start.
public func withThrowawayServer<Result: Sendable>(
    binaries: ServerBinaries,
    options: LocalServerOptions = .throwaway,
    in parent: String = "/tmp",
    _ body: (LocalServer) async throws -> Result
) async throws -> Result {
    let cluster = try await ThrowawayCluster.start(binaries: binaries, options: options, in: parent)
    do {
        let result = try await body(cluster.server)
        await cluster.stop()
        return result
    } catch {
        await cluster.stop()
        throw error
    }
}
