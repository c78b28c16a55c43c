import Glibc

/// A client and the server's connection made for it; bytes pass both ways, unread.
struct RelayPair {
    /// Bytes under way in one direction: read when there is room, sent before more is read.
    private struct Flow {
        private var bytes = [UInt8](repeating: 0, count: 1 << 16)
        private var begin = 0
        private var end = 0
        /// Nothing more will come.
        var hasEnded = false

        var isEmpty: Bool { begin == end }
        var hasRoom: Bool { end < bytes.count && !hasEnded }

        /// Reads once; returns how many bytes came.
        mutating func read(from socket: RelaySocket) -> Int {
            switch socket.read(into: &bytes, at: end) {
            case .bytes(let count):
                end += count
                return count
            case .later: return 0
            case .ended:
                hasEnded = true
                return 0
            }
        }

        /// Gives up what is under way, for nobody will take it.
        mutating func discard() {
            (begin, end) = (0, 0)
            hasEnded = true
        }

        /// Sends once; `false` when the other side takes nothing any more.
        mutating func send(to socket: RelaySocket) -> Bool {
            switch socket.send(bytes[begin..<end]) {
            case .bytes(let count):
                begin += count
                if isEmpty { (begin, end) = (0, 0) }
                return true
            case .later: return true
            case .ended: return false
            }
        }
    }

    private let client: RelaySocket
    private let server: RelaySocket
    private var isConnected: Bool
    private var toServer = Flow()
    private var toClient = Flow()
    private var hasToldServer = false
    /// Both sides are to be let go.
    private(set) var isOver = false
    /// Why the server could not be reached.
    private(set) var failure: RelayError?

    /// Begins to connect to the server for a client.
    init(client: RelaySocket, to address: SocketAddress) throws(RelayError) {
        self.client = client
        server = try RelaySocket.open(address.family)
        client.tune()
        if address.family != AF_UNIX { server.tune() }
        isConnected = try server.connect(to: address)
    }

    /// What to wait for: the client's descriptor, then the server's; -1 for one that is not to be waited for.
    var entries: [pollfd] {
        let fromClient = isConnected && toServer.hasRoom ? POLLIN : 0
        let client = pollfd(
            fd: client.number, events: Int16(fromClient | (toClient.isEmpty ? 0 : POLLOUT)), revents: 0)
        let out = !isConnected || !toServer.isEmpty ? POLLOUT : 0
        let events = Int16(out | (isConnected && toClient.hasRoom ? POLLIN : 0))
        // A server that hung up is always ready, also when there is no room for its last bytes yet.
        return [client, pollfd(fd: events == 0 ? -1 : server.number, events: events, revents: 0)]
    }

    /// Moves what can be moved, and returns how many bytes came from the server.
    mutating func move(client ready: Int16, server readyServer: Int16) -> Int {
        var received = 0
        if !isConnected, readyServer != 0 {
            do { try server.requireConnected() } catch {
                (failure, isOver) = (error, true)
                return 0
            }
            isConnected = true
        }
        let gone = Int16(POLLERR | POLLHUP | POLLNVAL)
        if ready & Int16(POLLIN) != 0, toServer.hasRoom {
            _ = toServer.read(from: client)
        } else if ready & gone != 0 {
            isOver = true
        }
        if readyServer & (Int16(POLLIN) | gone) != 0, isConnected, toClient.hasRoom {
            received = toClient.read(from: server)
        }
        // What has just come mostly can go on at once.
        if isConnected, !toServer.isEmpty, !toServer.send(to: server) { toServer.discard() }
        if !toClient.isEmpty, !toClient.send(to: client) { isOver = true }
        if toServer.hasEnded, toServer.isEmpty, isConnected, !hasToldServer {
            server.finishSending()
            hasToldServer = true
        }
        if toClient.hasEnded, toClient.isEmpty { isOver = true }
        return received
    }
}
