import Glibc

/// TCP ports of the loopback address.
enum FreePort: Sendable {
    /// A port that nobody listens on at this moment; somebody else may take it before the server does.
    static func probe() throws(SystemCallError) -> Int {
        let number = try SystemCallError.check("socket", socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0))
        let descriptor = FileDescriptor(owning: number)
        defer { descriptor.close() }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        try unsafe withUnsafeMutablePointer(to: &address) { pointer throws(SystemCallError) in
            try unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer throws(SystemCallError) in
                try SystemCallError.check("bind", unsafe bind(number, pointer, length))
                try SystemCallError.check("getsockname", unsafe getsockname(number, pointer, &length))
            }
        }
        return Int(UInt16(bigEndian: address.sin_port))
    }
}
