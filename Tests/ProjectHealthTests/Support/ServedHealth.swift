import FoundationEssentials
import Synchronization

@testable import ProjectHealth

/// A health server on a free port, for the time of a test.
final class ServedHealth: Sendable {
    private let count = Atomic(0)
    private let problem = Mutex<String?>(nil)

    /// How many reports were made.
    var made: Int { count.load(ordering: .relaxed) }

    /// What is wrong from now on.
    func degrade(_ text: String) { problem.withLock { $0 = text } }

    private func report(_ pause: Duration) async -> HealthReport {
        count.add(1, ordering: .relaxed)
        try? await Task.sleep(for: pause)
        let service = ServiceHealth("database", "connected", problem: problem.withLock { $0 })
        return HealthReport(timestamp: .now, services: [service], version: "1")
    }

    /// Serves while the body runs.
    static func run(
        _ options: ServerOptions = ServerOptions(),
        makingTakes pause: Duration = .zero,
        _ body: @escaping @Sendable (Int, ServedHealth) async throws -> Void
    ) async throws {
        let served = ServedHealth()
        let address = ServerAddress(host: "127.0.0.1", port: 0)
        let server = HealthServer(address: address, options: options) { await served.report(pause) }
        let (ports, tell) = AsyncStream<Int>.makeStream()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run { tell.yield($0.port) } }
            for await port in ports {
                // Its own thread: the client's calls block.
                try await Deadline.run(within: .seconds(60)) { try await body(port, served) }
                break
            }
            group.cancelAll()
            try await group.waitForAll()
        }
    }
}
