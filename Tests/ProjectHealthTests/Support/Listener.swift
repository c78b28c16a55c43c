import Dispatch
import Glibc
import Synchronization

@testable import ProjectHealth

/// A peer of a probe: answers each message with what a test says.
final class Listener: Sendable {
    let port: Int
    private let number: Int32
    private let isStopped = Atomic(false)

    init(_ answer: @escaping @Sendable (String) -> String) throws {
        let descriptor = try Sockets.listen(at: ServerAddress(host: "127.0.0.1", port: 0))
        number = dup(descriptor.number)
        port = Sockets.port(of: number) ?? 0
        DispatchQueue(label: "listener").async { [self] in
            while !isStopped.load(ordering: .relaxed) {
                var entries = [pollfd(fd: number, events: Int16(POLLIN), revents: 0)]
                Sockets.wait(for: &entries, milliseconds: 20)
                guard let client = Sockets.accept(on: number) else { continue }
                talk(OwnedDescriptor(owning: client), answer)
            }
        }
    }

    deinit { _ = close(number) }

    private func talk(_ client: consuming OwnedDescriptor, _ answer: (String) -> String) {
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while !isStopped.load(ordering: .relaxed) {
            var entries = [pollfd(fd: client.number, events: Int16(POLLIN), revents: 0)]
            Sockets.wait(for: &entries, milliseconds: 20)
            switch Sockets.read(client.number, into: &buffer) {
            case .bytes(let count):
                let text = answer(String(decoding: buffer.prefix(count), as: UTF8.self))
                if !text.isEmpty { _ = Sockets.send(Array(text.utf8)[...], to: client.number) }
            case .later: continue
            case .ended: return
            }
        }
    }

    func stop() { isStopped.store(true, ordering: .relaxed) }
}
