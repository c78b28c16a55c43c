import Dispatch
import Glibc
import Synchronization

@testable import LocalPostgres

/// A proxy on 127.0.0.1 before a server that speaks HTTP, which does to each request what it is told.
///
/// It asks for one exchange a connection, so that a fault meets one request and no other.
public final class FaultProxy: Sendable {
    /// The port it listens on.
    public let port: Int
    private let upstream: Int?
    private let fault: @Sendable (ProxiedRequest) -> Fault
    private let listener: FileDescriptor
    private let seen = Mutex<[ProxiedRequest]>([])
    private let kept = Mutex<[Int: [UInt8]]>([:])

    /// Starts a proxy; it ends with its last owner.
    ///
    /// - Parameters:
    ///   - upstream: The server's port; `nil` when every request gets an answer of the proxy itself.
    ///   - fault: What to do to each request.
    /// - Throws: A failed system call.
    public init(before upstream: Int?, _ fault: @escaping @Sendable (ProxiedRequest) -> Fault) throws {
        (listener, port) = try Loopback.listen()
        self.upstream = upstream
        self.fault = fault
        let listener = listener
        DispatchQueue(label: "wheels-db.fault-proxy").async { [weak self] in
            while true {
                let number = accept(listener.number, nil, nil)
                guard number >= 0, let proxy = self else { break }
                let client = FileDescriptor(owning: number)
                DispatchQueue(label: "wheels-db.fault-proxy.client").async { proxy.serve(client) }
            }
            listener.close()
        }
    }

    deinit { _ = shutdown(listener.number, Int32(SHUT_RDWR)) }

    /// The requests so far.
    public var requests: [ProxiedRequest] { seen.withLock { $0 } }

    /// The bodies of the requests by their numbers; kept where there is no server behind.
    public var bodies: [Int: [UInt8]] { kept.withLock { $0 } }

    private func serve(_ client: FileDescriptor) {
        defer { client.close() }
        guard let (head, begun) = readHead(client) else { return }
        let request = seen.withLock { seen in
            let request = ProxiedRequest(head: head, number: seen.count)
            if let request { seen.append(request) }
            return request
        }
        guard let request else { return }
        let fault = fault(request)
        if case .breakRequest = fault { return Loopback.breakOnClose(client) }
        var body = begun
        while body.count < request.length {
            let more = Loopback.receive(client)
            guard !more.isEmpty else { return }
            body += more
        }
        if upstream == nil { kept.withLock { [body] in $0[request.number] = body } }
        if case .slow(let time) = fault { usleep(useconds_t(time * 1_000)) }
        if case .answer(let bytes) = fault {
            Loopback.send(bytes, to: client)
            return
        }
        guard let upstream, let server = try? Loopback.connect(port: upstream) else {
            return Loopback.breakOnClose(client)
        }
        defer { server.close() }
        Loopback.send(Array(head.dropLast(2)) + Array("Connection: close\r\n\r\n".utf8) + body, to: server)
        relay(server, to: client, fault)
    }

    private func relay(_ server: FileDescriptor, to client: FileDescriptor, _ fault: Fault) {
        switch fault {
        case .none, .answer, .breakRequest, .slow:
            while case let bytes = Loopback.receive(server), !bytes.isEmpty {
                guard Loopback.send(bytes, to: client) else { return }
            }
        case .loseAnswer:
            while !Loopback.receive(server).isEmpty {}
            Loopback.breakOnClose(client)
        case .breakAnswer(let length):
            relay(server, to: client, bodyBytes: length)
            Loopback.breakOnClose(client)
        case .cutAnswer(let length):
            relay(server, to: client, bodyBytes: length)
        case .silence:
            while !Loopback.receive(server).isEmpty {}
            while !Loopback.receive(client).isEmpty {}
        }
    }

    /// Hands on the head and the first bytes of the body.
    private func relay(_ server: FileDescriptor, to client: FileDescriptor, bodyBytes: Int) {
        guard let (head, begun) = readHead(server) else { return }
        Loopback.send(head, to: client)
        var left = bodyBytes
        var bytes = begun
        while left > 0, !bytes.isEmpty {
            guard Loopback.send(Array(bytes.prefix(left)), to: client) else { return }
            left -= min(left, bytes.count)
            if left > 0 { bytes = Loopback.receive(server) }
        }
    }

    /// Reads up to the empty line, and what came with it.
    private func readHead(_ descriptor: FileDescriptor) -> (head: [UInt8], rest: [UInt8])? {
        var bytes: [UInt8] = []
        while true {
            let more = Loopback.receive(descriptor)
            guard !more.isEmpty else { return nil }
            bytes += more
            if let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) {
                return (Array(bytes[..<end.upperBound]), Array(bytes[end.upperBound...]))
            }
        }
    }
}
