import Foundation
public import LocalPostgres
import Synchronization

/// The one server of a test process: started by the first test that asks, gone with the process.
public enum ThrowawayServer: Sendable {
    private static let starter = Starter()

    /// The running server.
    ///
    /// - Throws: ``LocalServerError`` when there is no PostgreSQL on this machine, or it does not start.
    public static var shared: LocalServer {
        get async throws { try await starter.cluster().server }
    }

    /// PostgreSQL's programs on this machine; `WHEELS_TEST_POSTGRES_MAJOR` asks for one major version.
    ///
    /// - Throws: ``LocalServerError`` when there are none.
    public static var binaries: ServerBinaries {
        get async throws {
            let environment = ProcessInfo.processInfo.environment
            let major = environment["WHEELS_TEST_POSTGRES_MAJOR"].flatMap { Int($0) }
            return try await ServerBinaries.find(environment: environment, major: major)
        }
    }

    /// Why tests that need a server are skipped here; `nil` when they run.
    ///
    /// With `CI=true` nothing is skipped: the tests fail with the same reason.
    static func reasonToSkip() async -> String? {
        guard ProcessInfo.processInfo.environment["CI"] != "true" else { return nil }
        do {
            _ = try await binaries
            return nil
        } catch {
            return "\(error)"
        }
    }
}

/// Starts the cluster once, however many tests ask at the same time.
private actor Starter {
    private var start: Task<ThrowawayCluster, any Error>?

    func cluster() async throws -> ThrowawayCluster {
        if let start { return try await start.value }
        let start = Task {
            let cluster = try await ThrowawayCluster.start(binaries: ThrowawayServer.binaries)
            ClusterAtExit.keep(cluster)
            return cluster
        }
        self.start = start
        return try await start.value
    }
}

/// Holds the cluster until the process exits, and removes it then; a killed process is the supervisor's business.
private enum ClusterAtExit: Sendable {
    private static let kept = Mutex<ThrowawayCluster?>(nil)

    static func keep(_ cluster: ThrowawayCluster) {
        kept.withLock { $0 = cluster }
        atexit { ClusterAtExit.remove() }
    }

    static func remove() {
        kept.withLock { $0.take() }?.stopBlocking()
    }
}
