import Glibc

/// A file descriptor that is closed when its owner is gone.
struct OwnedDescriptor: ~Copyable {
    let number: Int32

    init(owning number: Int32) { self.number = number }

    deinit { _ = Glibc.close(number) }
}

/// Calls of the operating system on sockets, none of which blocks.
enum Sockets: Sendable {
    /// The result of a read or a write.
    enum Transfer: Sendable, Equatable {
        case bytes(Int)
        /// Nothing can be moved right now.
        case later
        /// The other side is gone, or has said all it wanted to.
        case ended
    }

    /// A socket that listens.
    ///
    /// - Returns: The socket.
    static func listen(at address: ServerAddress) throws(ServerError) -> OwnedDescriptor {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        unsafe hints.ai_flags = AI_PASSIVE
        var list: UnsafeMutablePointer<addrinfo>?
        let status = unsafe getaddrinfo(address.host, String(address.port), &hints, &list)
        guard status == 0, let first = unsafe list else {
            throw ServerError(address: address, reason: "the host name cannot be resolved")
        }
        defer { unsafe freeaddrinfo(list) }
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let number = unsafe socket(first.pointee.ai_family, kind, 0)
        guard number >= 0 else { throw failure(address) }
        let descriptor = OwnedDescriptor(owning: number)
        var yes: Int32 = 1
        _ = unsafe setsockopt(number, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        guard unsafe bind(number, first.pointee.ai_addr, first.pointee.ai_addrlen) == 0, Glibc.listen(number, 128) == 0
        else { throw failure(address) }
        return descriptor
    }

    private static func failure(_ address: ServerAddress) -> ServerError {
        ServerError(address: address, reason: unsafe String(cString: strerror(errno)))
    }

    /// The port that a socket listens on, which the system may have chosen.
    static func port(of number: Int32) -> Int? {
        var storage = sockaddr_in6()
        var size = socklen_t(MemoryLayout<sockaddr_in6>.size)
        let status = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                unsafe getsockname(number, pointer, &size)
            }
        }
        // The port stands at the same place in the addresses of both versions.
        return status == 0 ? Int(UInt16(bigEndian: storage.sin6_port)) : nil
    }

    /// The next client, if one waits.
    static func accept(on listener: Int32) -> Int32? {
        let number = Glibc.accept(listener, nil, nil)
        guard number >= 0 else { return nil }
        neverBlock(number)
        return number
    }

    /// Calls on the descriptor return at once, and programs that are started do not get it.
    static func neverBlock(_ number: Int32) {
        _ = fcntl(number, F_SETFL, fcntl(number, F_GETFL) | O_NONBLOCK)
        _ = fcntl(number, F_SETFD, FD_CLOEXEC)
    }

    /// Reads what has come.
    static func read(_ number: Int32, into buffer: inout [UInt8]) -> Transfer {
        let count = unsafe buffer.withUnsafeMutableBytes { unsafe recv(number, $0.baseAddress, $0.count, 0) }
        return transfer(count)
    }

    /// Sends what the other side takes.
    static func send(_ bytes: ArraySlice<UInt8>, to number: Int32) -> Transfer {
        let flags = Int32(MSG_NOSIGNAL)
        let count = unsafe bytes.withUnsafeBytes { unsafe Glibc.send(number, $0.baseAddress, $0.count, flags) }
        return transfer(count)
    }

    private static func transfer(_ count: Int) -> Transfer {
        if count > 0 { return .bytes(count) }
        guard count < 0 else { return .ended }
        return errno == EAGAIN || errno == EINTR ? .later : .ended
    }

    /// Says that nothing more will be sent, so that the other side reads the whole answer.
    static func finishSending(_ number: Int32) { _ = shutdown(number, Int32(SHUT_WR)) }

    /// Waits until a descriptor is ready, or the time is up.
    static func wait(for entries: inout [pollfd], milliseconds: Int32) {
        let count = nfds_t(entries.count)
        let ready = unsafe entries.withUnsafeMutableBufferPointer { unsafe poll($0.baseAddress, count, milliseconds) }
        guard ready < 0 else { return }
        for index in entries.indices { entries[index].revents = 0 }
    }
}

/// Wakes a thread that waits in `poll`: a pipe that is read when it has been written to.
final class Wakeup: Sendable {
    /// What the waiting thread polls.
    let number: Int32
    private let writer: Int32

    init?() {
        var ends: [Int32] = [-1, -1]
        guard unsafe ends.withUnsafeMutableBufferPointer({ unsafe pipe($0.baseAddress) }) == 0 else { return nil }
        (number, writer) = (ends[0], ends[1])
        for end in ends { Sockets.neverBlock(end) }
    }

    deinit {
        _ = Glibc.close(number)
        _ = Glibc.close(writer)
    }

    /// Wakes the thread; waking it twice is waking it once.
    func wake() {
        var byte: UInt8 = 1
        _ = unsafe write(writer, &byte, 1)
    }

    /// Takes note of having been woken.
    func acknowledge() {
        var bytes = [UInt8](repeating: 0, count: 64)
        while unsafe bytes.withUnsafeMutableBytes({ unsafe read(number, $0.baseAddress, $0.count) }) == 64 {}
    }
}
