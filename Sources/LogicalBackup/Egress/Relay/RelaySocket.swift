import Glibc

/// A socket that is closed with its last owner; no call on it blocks.
final class RelaySocket: Sendable {
    /// The result of a read or a write.
    enum Transfer: Sendable, Equatable {
        case bytes(Int)
        /// Nothing can be moved right now.
        case later
        /// The other side is gone, or has said all it wanted to.
        case ended
    }

    let number: Int32

    private init(owning number: Int32) { self.number = number }

    deinit { _ = Glibc.close(number) }

    /// Calls return at once, and programs that are started do not get the descriptor.
    private static let flags = Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)

    /// Opens a socket of a family, such as `AF_INET`.
    static func open(_ family: Int32) throws(RelayError) -> RelaySocket {
        let number = socket(family, Int32(SOCK_STREAM.rawValue) | flags, 0)
        guard number >= 0 else { throw RelayError("socket") }
        return RelaySocket(owning: number)
    }

    /// A socket that listens on 127.0.0.1, and the port that the system chose for it.
    static func listening() throws(RelayError) -> (socket: RelaySocket, port: UInt16) {
        let socket = try open(AF_INET)
        try socket.bind(to: .loopback(port: 0))
        guard listen(socket.number, 4) == 0 else { throw RelayError("listen") }
        guard let port = socket.ownAddress?.port else { throw RelayError("getsockname") }
        return (socket, port)
    }

    private func bind(to address: SocketAddress) throws(RelayError) {
        let status = unsafe address.withPointer { unsafe Glibc.bind(number, $0, $1) }
        guard status == 0 else { throw RelayError("bind") }
    }

    /// Begins to connect; `true` when it is done already.
    func connect(to address: SocketAddress) throws(RelayError) -> Bool {
        let status = unsafe address.withPointer { unsafe Glibc.connect(number, $0, $1) }
        if status == 0 { return true }
        // A Unix socket whose queue is full says EAGAIN, and never becomes writable by itself.
        guard errno == EINPROGRESS else { throw RelayError("connect") }
        return false
    }

    /// How a connection that was begun has come out.
    func requireConnected() throws(RelayError) {
        var reason: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        let status = unsafe getsockopt(number, SOL_SOCKET, SO_ERROR, &reason, &size)
        guard status == 0, reason == 0 else { throw RelayError("connect", number: status == 0 ? reason : errno) }
    }

    /// The next client, if one waits.
    func accept() -> RelaySocket? {
        let client = Glibc.accept(number, nil, nil)
        guard client >= 0 else { return nil }
        Self.neverBlock(client)
        return RelaySocket(owning: client)
    }

    /// Calls on the descriptor return at once from now on, and programs that are started do not get it.
    static func neverBlock(_ number: Int32) {
        _ = fcntl(number, F_SETFL, fcntl(number, F_GETFL) | O_NONBLOCK)
        _ = fcntl(number, F_SETFD, FD_CLOEXEC)
    }

    /// Small messages go at once, and a peer that is gone is noticed within about a minute.
    func tune() {
        set(Int32(IPPROTO_TCP), TCP_NODELAY, 1)
        set(SOL_SOCKET, SO_KEEPALIVE, 1)
        set(Int32(IPPROTO_TCP), TCP_KEEPIDLE, 30)
        set(Int32(IPPROTO_TCP), TCP_KEEPINTVL, 10)
        set(Int32(IPPROTO_TCP), TCP_KEEPCNT, 3)
        set(Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, 60_000)
    }

    private func set(_ level: Int32, _ option: Int32, _ value: Int32) {
        var value = value
        _ = unsafe setsockopt(number, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }

    /// Reads what has come into a part of a buffer.
    func read(into bytes: inout [UInt8], at place: Int) -> Transfer {
        let count = unsafe bytes.withUnsafeMutableBytes { buffer in
            unsafe recv(number, buffer.baseAddress?.advanced(by: place), buffer.count - place, 0)
        }
        return transfer(count)
    }

    /// Sends what the other side takes.
    func send(_ bytes: ArraySlice<UInt8>) -> Transfer {
        let flags = Int32(MSG_NOSIGNAL)
        return transfer(unsafe bytes.withUnsafeBytes { unsafe Glibc.send(number, $0.baseAddress, $0.count, flags) })
    }

    private func transfer(_ count: Int) -> Transfer {
        if count > 0 { return .bytes(count) }
        guard count < 0 else { return .ended }
        return errno == EAGAIN || errno == EINTR ? .later : .ended
    }

    /// Says that nothing more will be sent.
    func finishSending() { _ = shutdown(number, Int32(SHUT_WR)) }

    private var ownAddress: SocketAddress? { unsafe SocketAddress { unsafe getsockname(number, $0, $1) } }
    /// Who is at the other end.
    var peer: SocketAddress? { unsafe SocketAddress { unsafe getpeername(number, $0, $1) } }

    /// Waits until a descriptor is ready.
    static func wait(for entries: inout [pollfd]) {
        let count = nfds_t(entries.count)
        let ready = unsafe entries.withUnsafeMutableBufferPointer { unsafe poll($0.baseAddress, count, -1) }
        guard ready < 0 else { return }
        for index in entries.indices { entries[index].revents = 0 }
    }
}

/// A failed call of the operating system.
struct RelayError: Error, CustomStringConvertible {
    let call: String
    let number: Int32

    /// The error of the call that has just failed.
    init(_ call: String, number: Int32 = errno) {
        self.call = call
        self.number = number
    }

    var description: String {
        guard let text = unsafe strerror(number) else { return "\(call): error \(number)" }
        return "\(call): \(unsafe String(cString: text))"
    }
}
