import Foundation
import LocalPostgres
import PostgresClient
import PostgresTesting
import Testing

@testable import LogicalBackup

/// A server of a test's own, with 3,000 rows in the table `told.rows`, and a repository for its nights.
struct OwnServer {
    let cluster: KeptCluster
    let binaries: ServerBinaries
    let repository: ScratchRepository

    private static let options = {
        var options = LocalServerOptions()
        // Nobody but the test takes transaction numbers, and nothing reaches the disk by itself.
        options.settings = [
            "autovacuum": "off", "fsync": "off", "synchronous_commit": "off", "wal_writer_delay": "10s",
            "bgwriter_lru_maxpages": "0", "checkpoint_timeout": "1d", "restart_after_crash": "on",
        ]
        return options
    }()

    /// Runs something with a new server, which is gone afterwards.
    static func with(_ body: (OwnServer) async throws -> Void) async throws {
        let cluster = KeptCluster(folder: "/tmp/wheels-db-test-\(UUID().uuidString)")
        let binaries = try await ThrowawayServer.binaries
        let own = OwnServer(cluster: cluster, binaries: binaries, repository: try ScratchRepository())
        do {
            try await own.start()
            try await own.withNights { nights in
                try await nights.run(
                    """
                    create schema told;
                    create table told.rows (id int primary key, amount numeric, note text);
                    insert into told.rows select g, 1.5, repeat(md5(g::text), 3) from generate_series(1, 3000) g;
                    """)
            }
            try await body(own)
            try await cluster.remove()
        } catch {
            try? await cluster.remove()
            throw error
        }
    }

    /// Starts the server, or finds it running.
    @discardableResult func start() async throws -> LocalServer {
        try await cluster.start(binaries: binaries, options: Self.options).server
    }

    /// Runs something with a session that is closed afterwards.
    func withNights<Result: Sendable>(_ body: (Nights) async throws -> Result) async throws -> Result {
        let server = try #require(try cluster.runningServer())
        return try await withNights(of: server.settings(), body)
    }

    /// Runs something with a session to any server, such as a replica, and the same repository.
    func withNights<Result: Sendable>(
        of settings: ConnectionSettings,
        _ body: (Nights) async throws -> Result
    ) async throws -> Result {
        let session = try await Session.connect(to: settings, applicationName: "wheels-db/test")
        do {
            let result = try await body(Nights(of: settings, into: repository, by: session))
            await session.close()
            return result
        } catch {
            await session.close()
            throw error
        }
    }
}
