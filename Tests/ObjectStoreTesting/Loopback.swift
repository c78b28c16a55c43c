import Glibc

@testable import LocalPostgres

/// TCP on 127.0.0.1, as far as a proxy needs it.
enum Loopback {
    /// A listener on a free port.
    static func listen() throws -> (listener: FileDescriptor, port: Int) {
        let listener = FileDescriptor(owning: try SystemCallError.check("socket", newSocket()))
        var address = address(port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        try unsafe withUnsafeMutablePointer(to: &address) { pointer in
            try unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                try SystemCallError.check("bind", unsafe bind(listener.number, pointer, length))
                try SystemCallError.check("getsockname", unsafe getsockname(listener.number, pointer, &length))
            }
        }
        try SystemCallError.check("listen", Glibc.listen(listener.number, 64))
        return (listener, Int(UInt16(bigEndian: address.sin_port)))
    }

    static func connect(port: Int) throws -> FileDescriptor {
        let descriptor = FileDescriptor(owning: try SystemCallError.check("socket", newSocket()))
        var address = address(port: port)
        try unsafe withUnsafeMutablePointer(to: &address) { pointer in
            try unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                let length = socklen_t(MemoryLayout<sockaddr_in>.size)
                try SystemCallError.check("connect", unsafe Glibc.connect(descriptor.number, pointer, length))
            }
        }
        return descriptor
    }

    /// The next bytes; none at the end.
    static func receive(_ descriptor: FileDescriptor) -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = unsafe recv(descriptor.number, &buffer, buffer.count, 0)
        return count > 0 ? Array(buffer[..<count]) : []
    }

    /// Sends bytes; `false` when the other side has left.
    @discardableResult
    static func send(_ bytes: [UInt8], to descriptor: FileDescriptor) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                unsafe Glibc.send(descriptor.number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Makes closing break the connection instead of ending it.
    static func breakOnClose(_ descriptor: FileDescriptor) {
        var linger = linger(l_onoff: 1, l_linger: 0)
        let length = socklen_t(MemoryLayout<Glibc.linger>.size)
        _ = unsafe setsockopt(descriptor.number, SOL_SOCKET, SO_LINGER, &linger, length)
    }

    private static func newSocket() -> Int32 { socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0) }

    private static func address(port: Int) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return address
    }
}
