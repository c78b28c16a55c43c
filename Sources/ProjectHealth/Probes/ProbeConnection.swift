import Glibc

/// A TCP connection to a probed service: every wait ends at the deadline.
struct ProbeConnection: ~Copyable {
    private let socket: OwnedDescriptor
    private let deadline: ContinuousClock.Instant

    /// Connects to the first address of a host that answers.
    ///
    /// - Throws: ``ProbeFailure``.
    init(host: String, port: Int, deadline: ContinuousClock.Instant) throws(ProbeFailure) {
        socket = OwnedDescriptor(owning: try Self.connect(host: host, port: port, deadline: deadline))
        self.deadline = deadline
    }

    private static func connect(
        host: String,
        port: Int,
        deadline: ContinuousClock.Instant
    ) throws(ProbeFailure) -> Int32 {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(host, String(port), &hints, &list) == 0 else {
            throw ProbeFailure("has a host name that cannot be resolved.")
        }
        defer { unsafe freeaddrinfo(list) }
        var failure = ProbeFailure("cannot be reached.")
        var next = unsafe list
        while let address = unsafe next {
            do throws(ProbeFailure) {
                return try unsafe open(address.pointee, deadline: deadline)
            } catch {
                failure = error
            }
            unsafe next = address.pointee.ai_next
        }
        throw failure
    }

    private static func open(_ address: addrinfo, deadline: ContinuousClock.Instant) throws(ProbeFailure) -> Int32 {
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = unsafe Glibc.socket(address.ai_family, kind, 0)
        guard descriptor >= 0 else { throw ProbeFailure("cannot be reached.") }
        do throws(ProbeFailure) {
            let status = unsafe Glibc.connect(descriptor, address.ai_addr, address.ai_addrlen)
            if status != 0 {
                guard errno == EINPROGRESS else { throw refused(errno) }
                try wait(descriptor, for: Int16(POLLOUT), until: deadline)
                var code: Int32 = 0
                var size = socklen_t(MemoryLayout<Int32>.size)
                unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size)
                guard code == 0 else { throw refused(code) }
            }
            return descriptor
        } catch {
            _ = Glibc.close(descriptor)
            throw error
        }
    }

    private static func refused(_ code: Int32) -> ProbeFailure {
        ProbeFailure(code == ECONNREFUSED ? "refuses connections." : "cannot be reached.")
    }

    private static func wait(
        _ descriptor: Int32,
        for events: Int16,
        until deadline: ContinuousClock.Instant
    ) throws(ProbeFailure) {
        while true {
            let left = (deadline - .now) / .milliseconds(1)
            guard left > 0 else { throw .timedOut }
            var entry = pollfd(fd: descriptor, events: events, revents: 0)
            let ready = unsafe poll(&entry, 1, Int32(min(left.rounded(.up), 60_000)))
            if ready > 0 { return }
        }
    }

    /// Sends all of a text.
    ///
    /// - Throws: ``ProbeFailure``.
    borrowing func send(_ text: String) throws(ProbeFailure) {
        let bytes = Array(text.utf8)
        var offset = 0
        while offset < bytes.count {
            try Self.wait(socket.number, for: Int16(POLLOUT), until: deadline)
            let sent = unsafe bytes[offset...].withUnsafeBytes { rest in
                unsafe Glibc.send(socket.number, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
            }
            if sent > 0 { offset += sent } else if errno != EAGAIN, errno != EINTR { throw Self.cut }
        }
    }

    /// Reads until a line ends, and returns it without its end.
    ///
    /// - Throws: ``ProbeFailure``; also when the line is longer than 4 kB, or the connection ends before it does.
    borrowing func line() throws(ProbeFailure) -> String {
        var bytes: [UInt8] = []
        while bytes.count < 4_096 {
            try Self.wait(socket.number, for: Int16(POLLIN), until: deadline)
            var byte: UInt8 = 0
            let count = unsafe recv(socket.number, &byte, 1, 0)
            if count < 0, errno == EAGAIN || errno == EINTR { continue }
            guard count == 1 else { throw Self.cut }
            if byte == UInt8(ascii: "\n") {
                if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
                return String(decoding: bytes, as: UTF8.self)
            }
            bytes.append(byte)
        }
        throw ProbeFailure("gave an answer that is none of its protocol.")
    }

    private static let cut = ProbeFailure("closed the connection without an answer.")
}
