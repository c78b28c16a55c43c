import Dispatch
import Glibc
import PostgresClient
import Synchronization

/// A relay on 127.0.0.1 that counts what a child process receives from the server.
///
/// `pg_dump` connects to its server by itself, and only who passes its bytes on can count them. They pass untouched: TLS
/// and SCRAM with channel binding are between the child and the server, whose certificate is checked against the real
/// host name. Nobody else can connect: the relay takes connections of one process and of those that it started.
final class EgressRelay: Sendable {
    /// The settings by which the child connects through the relay.
    let settings: ConnectionSettings
    private let state = Mutex(State())
    private let received = Atomic(0)
    private let doorbell: Doorbell

    private struct State {
        var process: Int32?
        var isStopping = false
        var failure: RelayError?
    }

    /// Bytes that came from the server so far, TLS and the start of the connection included.
    var receivedBytes: Int { received.load(ordering: .relaxed) }
    /// Why the relay could not reach the server; `nil` when it could.
    var failure: RelayError? { state.withLock(\.failure) }

    private init(settings: ConnectionSettings, doorbell: Doorbell) {
        self.settings = settings
        self.doorbell = doorbell
    }

    /// Relays for as long as a piece of work takes.
    ///
    /// - Parameters:
    ///   - settings: The connection to copy, as `Session.settingsInUse` says it.
    ///   - body: The work; it starts a child with ``settings`` and calls ``admit(_:)`` with its process id.
    /// - Returns: What the work returns; `nil`, without having begun it, where there can be no relay: a service file
    ///   decides where to connect, or the system does not tell whose a connection is.
    /// - Throws: What the work throws, or ``RelayError`` when no socket is free.
    static func relaying<Result: Sendable>(
        _ settings: ConnectionSettings,
        _ body: (EgressRelay) async throws -> Result
    ) async throws -> Result? {
        guard let target = address(of: settings), RelayPeer.canTell else { return nil }
        let (listener, port) = try RelaySocket.listening()
        let relay = EgressRelay(settings: through(port: port, settings), doorbell: try Doorbell())
        async let loop: Void = relay.run(listener, port: port, target: target)
        do {
            let result = try await body(relay)
            relay.stop()
            await loop
            return result
        } catch {
            relay.stop()
            await loop
            throw error
        }
    }

    /// Says whose connections are taken; until then they wait.
    func admit(_ process: Int32) {
        state.withLock { $0.process = process }
        doorbell.ring()
    }

    private func stop() {
        state.withLock { $0.isStopping = true }
        doorbell.ring()
    }

    /// Where the server is; `nil` when the settings do not say it in numbers.
    private static func address(of settings: ConnectionSettings) -> SocketAddress? {
        guard settings.keywords["service"] == nil, let port = UInt16(exactly: settings.port) else { return nil }
        if let address = settings.keywords["hostaddr"] { return .numeric(address, port: port) }
        guard let host = settings.host, host.hasPrefix("/") || host.hasPrefix("@") else { return nil }
        return .unix("\(host)/.s.PGSQL.\(port)")
    }

    /// The same connection by another door.
    ///
    /// The host's name stays, because certificates are checked against it.
    private static func through(port: UInt16, _ settings: ConnectionSettings) -> ConnectionSettings {
        let relayed = settings.setting("hostaddr", to: "127.0.0.1").setting("port", to: String(port))
        guard settings.keywords["hostaddr"] == nil else { return relayed }
        // A server speaks no TLS on a Unix socket, and is not asked for it there.
        return relayed.setting("host", to: "127.0.0.1").setting("sslmode", to: "disable")
            .setting("gssencmode", to: "disable").setting("channel_binding", to: "prefer")
    }
}

// MARK: - The loop

extension EgressRelay {
    /// Relays on a thread of its own until it is stopped.
    private func run(_ listener: RelaySocket, port: UInt16, target: SocketAddress) async {
        await withCheckedContinuation { continuation in
            DispatchQueue(label: "wheels-db.egress-relay").async {
                self.loop(listener, port: port, target: target)
                continuation.resume()
            }
        }
    }

    private func loop(_ listener: RelaySocket, port: UInt16, target: SocketAddress) {
        var pairs: [RelayPair] = []
        while true {
            // Nobody is taken before it is known whom to take.
            let door = state.withLock(\.process) == nil || pairs.count >= Self.mostPairs ? -1 : listener.number
            var entries = [
                pollfd(fd: doorbell.number, events: Int16(POLLIN), revents: 0),
                pollfd(fd: door, events: Int16(POLLIN), revents: 0),
            ]
            entries += pairs.flatMap(\.entries)
            RelaySocket.wait(for: &entries)
            if entries[0].revents != 0 { doorbell.acknowledge() }
            let (process, isStopping) = state.withLock { ($0.process, $0.isStopping) }
            if isStopping { return }
            for place in pairs.indices {
                let count = pairs[place].move(
                    client: entries[2 + 2 * place].revents, server: entries[3 + 2 * place].revents)
                received.add(count, ordering: .relaxed)
                if let failure = pairs[place].failure { state.withLock { $0.failure = failure } }
            }
            pairs.removeAll(where: \.isOver)
            if entries[1].revents != 0, let process, let client = listener.accept(),
                let from = client.peer?.port, RelayPeer.isConnection(from: from, to: port, of: process)
            {
                do { pairs.append(try RelayPair(client: client, to: target)) } catch {
                    state.withLock { $0.failure = error }
                }
            }
        }
    }

    /// One works, one tries again without TLS, one asks the server to cancel.
    private static let mostPairs = 4
}

/// Wakes a thread that waits in `poll`.
private final class Doorbell: Sendable {
    /// What the waiting thread polls.
    let number: Int32
    private let writer: Int32

    init() throws(RelayError) {
        var ends: [Int32] = [-1, -1]
        guard unsafe ends.withUnsafeMutableBufferPointer({ unsafe pipe($0.baseAddress) }) == 0 else {
            throw RelayError("pipe")
        }
        for end in ends { RelaySocket.neverBlock(end) }
        (number, writer) = (ends[0], ends[1])
    }

    deinit {
        _ = Glibc.close(number)
        _ = Glibc.close(writer)
    }

    func ring() {
        var byte: UInt8 = 1
        _ = unsafe write(writer, &byte, 1)
    }

    func acknowledge() {
        var bytes = [UInt8](repeating: 0, count: 64)
        while unsafe bytes.withUnsafeMutableBytes({ unsafe read(number, $0.baseAddress, $0.count) }) == 64 {}
    }
}
