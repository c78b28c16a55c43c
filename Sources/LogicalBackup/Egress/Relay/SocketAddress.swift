import Glibc

/// Where a socket is: an address and a port, or a path.
struct SocketAddress: Sendable {
    // Large enough for every family, and aligned for each of them.
    private var storage = sockaddr_storage()
    private var length = socklen_t(MemoryLayout<sockaddr_storage>.size)

    private init() {}

    /// What a call of the system says, such as `getpeername`; `nil` when it fails.
    init?(_ call: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32) {
        self.init()
        var length = length
        let status = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe withUnsafeMutablePointer(to: &length) { unsafe call(address, $0) }
            }
        }
        guard status == 0 else { return nil }
        self.length = length
    }

    /// 127.0.0.1 and a port; 0 lets the system choose one.
    static func loopback(port: UInt16) -> SocketAddress {
        var result = SocketAddress()
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        result.set(address)
        return result
    }

    /// A numeric address, of either version, such as `fe80::1%eth0`; `nil` when it is none.
    static func numeric(_ text: String, port: UInt16) -> SocketAddress? {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        unsafe hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV
        var list: UnsafeMutablePointer<addrinfo>?
        let status = unsafe getaddrinfo(text, String(port), &hints, &list)
        guard status == 0, let first = unsafe list else { return nil }
        defer { unsafe freeaddrinfo(list) }
        let size = unsafe Int(first.pointee.ai_addrlen)
        guard size <= MemoryLayout<sockaddr_storage>.size else { return nil }
        guard let address = unsafe first.pointee.ai_addr else { return nil }
        var result = SocketAddress()
        unsafe withUnsafeMutableBytes(of: &result.storage) { storage in
            unsafe storage.copyMemory(from: UnsafeRawBufferPointer(start: address, count: size))
        }
        result.length = socklen_t(size)
        return result
    }

    /// The path of a Unix socket, an abstract one when it begins with `@`; `nil` when it is too long.
    static func unix(_ path: String) -> SocketAddress? {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
        let isAbstract = bytes.first == UInt8(ascii: "@")
        if isAbstract { bytes[0] = 0 }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
        var result = SocketAddress()
        result.set(address)
        // The name of an abstract socket ends where the address does, that of a file with a zero.
        result.length = socklen_t(MemoryLayout<sa_family_t>.size + bytes.count + (isAbstract ? 0 : 1))
        return result
    }

    private mutating func set<Address: BitwiseCopyable>(_ address: Address) {
        unsafe withUnsafeMutableBytes(of: &storage) { unsafe $0.storeBytes(of: address, as: Address.self) }
        length = socklen_t(MemoryLayout<Address>.size)
    }

    /// Lends the address to a call of the system.
    func withPointer(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var storage = storage
        return unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0, length) }
        }
    }

    var family: Int32 { Int32(storage.ss_family) }

    /// The port of an address of IPv4; `nil` for other families.
    var port: UInt16? {
        guard family == AF_INET else { return nil }
        return unsafe withUnsafeBytes(of: storage) { unsafe UInt16(bigEndian: $0.load(as: sockaddr_in.self).sin_port) }
    }
}
