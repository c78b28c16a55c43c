import Dispatch
import Foundation
import Glibc
public import PostgresClient
import Synchronization

@testable import LocalPostgres

/// What a server does that never lets a client in.
public enum Refusal: Sendable {
    /// Answers with a FATAL error, as servers and poolers do.
    case error(sqlState: String, message: String)
    /// Closes the connection without a word.
    case hangUp
    /// Takes the connection and says nothing.
    case silence
}

/// Runs a listener on 127.0.0.1 that speaks just enough of the protocol to refuse, for what real servers say too seldom.
///
/// - Parameters:
///   - refusal: What each client is told.
///   - body: The work; gets settings that lead to the listener, and its count of clients.
/// - Returns: What the work returns.
/// - Throws: What the work throws, or a failed system call.
public func withRefusingServer<Result: Sendable>(
    _ refusal: Refusal,
    _ body: (ConnectionSettings, RefusingServer) async throws -> Result
) async throws -> Result {
    let server = try RefusingServer(refusal)
    // A thread of its own from the first moment: a task would wait for the pool while the client's time runs.
    let thread = DispatchQueue(label: "wheels-db.refusing-server")
    thread.async { server.serve() }
    let result: Swift.Result<Result, any Error>
    do { result = .success(try await body(server.settings, server)) } catch { result = .failure(error) }
    server.stop()
    await withCheckedContinuation { served in thread.async { served.resume() } }
    return try result.get()
}

/// The listener of ``withRefusingServer(_:_:)``.
public final class RefusingServer: Sendable {
    /// The port it listens on.
    public let port: Int
    private let refusal: Refusal
    private let listener: FileDescriptor
    private let count = Atomic(0)
    private let isStopped = Atomic(false)

    init(_ refusal: Refusal) throws {
        self.refusal = refusal
        let number = try SystemCallError.check("socket", socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0))
        listener = FileDescriptor(owning: number)
        var yes: Int32 = 1
        _ = unsafe setsockopt(number, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        try unsafe withUnsafeMutablePointer(to: &address) { pointer in
            try unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                try SystemCallError.check("bind", unsafe bind(number, pointer, length))
                try SystemCallError.check("getsockname", unsafe getsockname(number, pointer, &length))
            }
        }
        port = Int(UInt16(bigEndian: address.sin_port))
        try SystemCallError.check("listen", listen(number, 16))
    }

    /// How many clients have come.
    public var clients: Int { count.load(ordering: .relaxed) }

    /// Where it listens; role, database and password are inventions.
    public var settings: ConnectionSettings {
        ConnectionSettings(keywords: [
            "host": "127.0.0.1", "port": String(port), "user": "someone", "dbname": "somewhere", "password": "hidden",
        ])
    }

    /// Stops listening; later clients find the port closed.
    public func stop() {
        guard !isStopped.exchange(true, ordering: .acquiringAndReleasing) else { return }
        _ = shutdown(listener.number, Int32(SHUT_RDWR))
    }

    func serve() {
        var silent: [FileDescriptor] = []
        while true {
            let number = accept(listener.number, nil, nil)
            guard number >= 0 else { break }
            let client = FileDescriptor(owning: number)
            count.add(1, ordering: .relaxed)
            switch refusal {
            case .hangUp: break
            case .silence: silent.append(client)
            case .error(let sqlState, let message):
                guard readStartup(client) else { continue }
                send(errorResponse(sqlState: sqlState, message: message), to: client)
            }
            if case .silence = refusal { continue }
            client.close()
        }
        listener.close()
        for client in silent { client.close() }
    }

    /// Reads packets until the one that names the role; declines TLS and GSS on the way.
    private func readStartup(_ client: FileDescriptor) -> Bool {
        while let head = receive(8, from: client) {
            let length = head[..<4].reduce(0) { $0 << 8 | Int($1) }
            let request = head[4...].reduce(0) { $0 << 8 | Int($1) }
            guard request == 80_877_103 || request == 80_877_104 else {
                return receive(length - 8, from: client) != nil
            }
            send([UInt8(ascii: "N")], to: client)
        }
        return false
    }

    /// The message `ErrorResponse` of the protocol (manual, section 55.7).
    private func errorResponse(sqlState: String, message: String) -> [UInt8] {
        var body: [UInt8] = []
        for (letter, text) in [("S", "FATAL"), ("V", "FATAL"), ("C", sqlState), ("M", message)] {
            body += Array(letter.utf8) + Array(text.utf8) + [0]
        }
        body.append(0)
        let length = body.count + 4
        return [UInt8(ascii: "E")] + (0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - 8 * $0)) } + body
    }

    private func receive(_ count: Int, from client: FileDescriptor) -> [UInt8]? {
        var bytes: [UInt8] = []
        while bytes.count < count {
            var buffer = [UInt8](repeating: 0, count: count - bytes.count)
            let got = unsafe recv(client.number, &buffer, buffer.count, 0)
            guard got > 0 else { return nil }
            bytes += buffer[..<got]
        }
        return bytes
    }

    private func send(_ bytes: [UInt8], to client: FileDescriptor) {
        _ = unsafe bytes.withUnsafeBytes {
            unsafe Glibc.send(client.number, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
        }
    }
}
