import Glibc

@testable import ProjectHealth

/// A client that says what it is told to, byte by byte, and hears what comes back.
final class RawClient: Sendable {
    private let descriptor: Int32

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let status = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                unsafe connect(descriptor, pointer, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { throw NoConnection() }
        var limit = timeval(tv_sec: 20, tv_usec: 0)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { _ = close(descriptor) }

    struct NoConnection: Error {}

    func say(_ text: String) { say(Array(text.utf8)) }

    func say(_ bytes: [UInt8]) {
        _ = unsafe bytes.withUnsafeBytes { unsafe send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    }

    /// Everything until the other side ends; waited for on a thread of its own, for the server needs Swift's threads.
    func hear() async throws -> String { try await Deadline.runBlocking(within: .seconds(30)) { self.hearBlocking() } }

    private func hearBlocking() -> String {
        var heard: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress, $0.count, 0) }
            guard count > 0 else { return String(decoding: heard, as: UTF8.self) }
            heard += buffer.prefix(count)
        }
    }

    /// Asks and hears the whole answer.
    static func ask(_ text: String, port: Int) async throws -> String {
        let client = try RawClient(port: port)
        client.say(text)
        return try await client.hear()
    }

    static func get(_ path: String, port: Int, method: String = "GET") async throws -> String {
        try await ask("\(method) \(path) HTTP/1.1\r\nHost: x\r\n\r\n", port: port)
    }
}
