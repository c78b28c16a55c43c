import Dispatch

/// Answers `/health`, `/api/health` and `/metrics` over HTTP/1.1.
///
/// One thread serves all clients; a report is made when a request needs one and the last is too old, by one maker at a
/// time. A thousand scrapes a second therefore cost the database what one costs every few seconds.
///
/// ```swift
/// let server = HealthServer(address: address) { await gather() }
/// try await server.run { address in print("http://\(address)/health") }
/// ```
public struct HealthServer: Sendable {
    private let address: ServerAddress
    private let options: ServerOptions
    private let makeReport: @Sendable () async -> HealthReport

    /// A server that has not begun to listen.
    ///
    /// - Parameters:
    ///   - address: Where to listen.
    ///   - options: Its limits.
    ///   - makeReport: Looks at the project; has to end by itself.
    public init(
        address: ServerAddress,
        options: ServerOptions = ServerOptions(),
        makeReport: @escaping @Sendable () async -> HealthReport
    ) {
        self.address = address
        self.options = options
        self.makeReport = makeReport
    }

    /// Serves until the task is cancelled; answers under way are sent before this returns.
    ///
    /// - Parameter onListening: Told where it listens, with the port that the system chose for port 0.
    /// - Throws: ``ServerError`` when it cannot listen.
    public func run(onListening: (ServerAddress) -> Void = { _ in }) async throws {
        let listener = try Sockets.listen(at: address)
        let place = ServerAddress(host: address.host, port: Sockets.port(of: listener.number) ?? address.port)
        guard let wakeup = Wakeup() else { throw ServerError(address: address, reason: "no file descriptor is free") }
        let (requests, asking) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let mailbox = ServerMailbox(wakeup: wakeup) { asking.yield() }
        onListening(place)
        let thread = ServerThread(
            ServerLoop(listener: listener, wakeup: wakeup, mailbox: mailbox, options: options))
        let makeReport = makeReport
        await withTaskCancellationHandler {
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    await thread.run()
                    asking.finish()
                }
                group.addTask {
                    for await _ in requests {
                        let report = await makeReport()
                        // One that was cut short by the stop says nothing about the project.
                        guard !Task.isCancelled else { return }
                        mailbox.publish(report)
                    }
                }
                await group.waitForAll()
            }
        } onCancel: {
            mailbox.stop()
        }
    }
}

/// Runs the loop on a thread of its own, where waiting is no harm.
private final class ServerThread: Sendable {
    // `nonisolated(unsafe)`: only the block below touches it, and it runs once.
    private nonisolated(unsafe) var loop: ServerLoop

    init(_ loop: consuming ServerLoop) { unsafe self.loop = loop }

    func run() async {
        await withCheckedContinuation { continuation in
            DispatchQueue(label: "wheels-db.health-server").async {
                unsafe self.loop.run()
                continuation.resume()
            }
        }
    }
}
