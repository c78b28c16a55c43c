import Glibc

/// The one thread of the server: it waits for all clients at once and never for one of them.
struct ServerLoop: ~Copyable {
    private let listener: OwnedDescriptor
    private let wakeup: Wakeup
    private let mailbox: ServerMailbox
    private let options: ServerOptions
    private var connections: [ServerConnection] = []
    private var buffer = [UInt8](repeating: 0, count: 4_096)

    init(
        listener: consuming OwnedDescriptor,
        wakeup: Wakeup,
        mailbox: ServerMailbox,
        options: ServerOptions
    ) {
        self.listener = listener
        self.wakeup = wakeup
        self.mailbox = mailbox
        self.options = options
    }

    /// Serves until the mailbox says stop, and then until the answers under way are sent.
    mutating func run() {
        while true {
            let isStopping = mailbox.isStopping
            if isStopping {
                for connection in connections { connection.stop() }
                connections.removeAll(where: \.isDone)
                if connections.allSatisfy(\.isIdle) { return }
            }
            var entries = connections.map(\.pollEntry)
            entries.append(pollfd(fd: wakeup.number, events: Int16(POLLIN), revents: 0))
            if !isStopping { entries.append(pollfd(fd: listener.number, events: Int16(POLLIN), revents: 0)) }
            Sockets.wait(for: &entries, milliseconds: pause)
            if entries[connections.count].revents != 0 { wakeup.acknowledge() }
            let now = ContinuousClock.now
            for (connection, entry) in zip(connections, entries) {
                connection.proceed(entry.revents, mailbox: mailbox, buffer: &buffer)
                if connection.deadline <= now { connection.expire() }
            }
            connections.removeAll(where: \.isDone)
            if !isStopping, entries.last?.revents != 0 { acceptClients() }
        }
    }

    /// Milliseconds until the next deadline; a second at most, so that a full table of files is looked at again.
    private var pause: Int32 {
        let next = connections.map(\.deadline).min().map { ($0 - .now) / .milliseconds(1) } ?? 1_000
        return Int32(max(1, min(next.rounded(.up), 1_000)))
    }

    private mutating func acceptClients() {
        // Not endlessly: clients that are here already have their turn as well.
        for _ in 0..<options.connectionLimit {
            guard let number = Sockets.accept(on: listener.number) else { return }
            let descriptor = OwnedDescriptor(owning: number)
            if connections.count >= options.connectionLimit {
                guard let oldest = connections.firstIndex(where: \.isIdle) else { continue }
                connections.remove(at: oldest)
            }
            connections.append(ServerConnection(descriptor, options: options))
        }
    }
}
