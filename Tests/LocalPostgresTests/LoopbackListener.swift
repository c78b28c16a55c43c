import Foundation

@testable import LocalPostgres

/// Somebody else who has a port.
struct LoopbackListener: Sendable {
    private let descriptor: FileDescriptor

    init(port: Int) throws {
        let number = try SystemCallError.check("socket", socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0))
        descriptor = FileDescriptor(owning: number)
        var yes: Int32 = 1
        _ = unsafe setsockopt(number, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let result = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                unsafe bind(number, pointer, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try SystemCallError.check("bind", result)
        try SystemCallError.check("listen", listen(number, 1))
    }

    func close() { descriptor.close() }
}
