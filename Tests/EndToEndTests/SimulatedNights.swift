import ArchiveRepository
import Diagnostics
import Foundation
import ObjectStoreTesting
import SealedStreams
import Synchronization

@testable import wheels_db

/// A machine that makes backups, whose clock the test sets: the real commands, in this process, on a store in memory.
final class SimulatedNights: Sendable {
    /// How a command ended.
    struct Outcome: Sendable, CustomStringConvertible {
        let status: Int32
        let output: String
        let errors: String

        var description: String { "exit \(status)\n--- stdout\n\(output)--- stderr\n\(errors)" }

        /// The document that `--json` prints.
        func json() throws -> [String: Any] {
            try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any] ?? [:]
        }
    }

    let work: Workplace
    let store: FillingStore
    private let clock: SettableClock
    private let receiver: FaultProxy
    private let variables: [String: String]

    /// A machine with the configuration that stands in Examples, and a receiver of its notifications.
    init(database: String) throws {
        work = try Workplace()
        let example = Workplace.package.appendingPathComponent("Examples/wheels-db.yml")
        try work.write(Data(contentsOf: example), to: "wheels-db.yml")
        let clock = SettableClock()
        self.clock = clock
        store = FillingStore { clock.now }
        receiver = try FaultProxy(before: nil) { _ in .answer(200) }
        let place = "http://127.0.0.1:\(receiver.port)"
        variables = work.program.variables.merging([
            "DATABASE_URL": database, "TMPDIR": "/tmp", "ALERT_WEBHOOK_URL": "\(place)/hook",
            "BACKUP_MONITOR_URL": "\(place)/ping", "WHEELS_IDENTITY_FILE": work.identity.path,
        ]) { $1 }
    }

    /// Runs a command at a moment, on another database than usual where one is given.
    func run(_ arguments: [String], at moment: Date, on database: String? = nil) async -> Outcome {
        clock.now = moment
        let texts = Mutex((output: "", errors: ""))
        let console = Console(
            writeOutput: { text in texts.withLock { $0.output += text } },
            writeError: { text in texts.withLock { $0.errors += text } },
            readAnswer: { nil })
        var environment = ProcessEnvironment(variables: variables, workingDirectory: work.folder.path)
        if let database { environment.variables["DATABASE_URL"] = database }
        var world = RunWorld()
        world.clock = { [clock] in clock.now }
        world.openStore = { [store] _, _, _ in store }
        let status = await CommandRunner(environment: environment, console: console, world: world).run(arguments)
        return texts.withLock { Outcome(status: status, output: $0.output, errors: $0.errors) }
    }

    /// What the receiver heard since some number of messages, a word for each, and how many there are now.
    func heard(since number: Int) throws -> (words: [String], count: Int) {
        let requests = receiver.requests
        let bodies = receiver.bodies
        let words = try requests.dropFirst(number).map { request in
            guard request.target == "/hook" else { return request.target }
            let body = Data(bodies[request.number] ?? [])
            let document = try JSONSerialization.jsonObject(with: body) as? [String: Any] ?? [:]
            return "\(document["command"] ?? "?"): \(document["event"] ?? "?") \(document["exit"] ?? "?")"
                + " \(document["code"] ?? "?")"
        }
        return (words, requests.count)
    }
}

/// A clock that can be set, and goes on from there.
private final class SettableClock: Sendable {
    private let setting = Mutex((moment: Date(timeIntervalSince1970: 0), at: ContinuousClock.now))

    var now: Date {
        get { setting.withLock { $0.moment.addingTimeInterval((.now - $0.at) / .seconds(1)) } }
        set { setting.withLock { $0 = (newValue, .now) } }
    }
}

/// A store in memory that may have room for some bytes only.
final class FillingStore: BlobStore {
    private let base: MemoryBlobStore
    private let room = Mutex<Int?>(nil)

    init(clock: @escaping @Sendable () -> Date) { base = MemoryBlobStore(clock: clock) }

    /// How many bytes can still be stored; `nil` for any number.
    func limit(to bytes: Int?) { room.withLock { $0 = bytes } }

    var location: String { base.location }

    func put(_ name: BlobName) throws -> BlobSink { BlobSink(LimitedSink(sink: try base.put(name), store: self)) }
    func get(_ name: BlobName, range: Range<Int>?) throws -> BlobSource { try base.get(name, range: range) }
    func list(_ prefix: String) throws -> [BlobEntry] { base.list(prefix) }
    func delete(_ name: BlobName) throws { try base.delete(name) }
    func size(of name: BlobName) throws -> Int? { try base.size(of: name) }
    func now() throws -> Date { base.now() }

    fileprivate func take(_ bytes: Int) throws {
        try room.withLock { room in
            guard let left = room else { return }
            guard bytes <= left else {
                throw RepositoryError(
                    code: "repository.out-of-space", summary: "No space left in memory.", failureClass: .outOfSpace)
            }
            room = left - bytes
        }
    }
}

/// Stores bytes while there is room.
private struct LimitedSink: ByteSink, ~Copyable, Sendable {
    var sink: BlobSink
    let store: FillingStore

    mutating func write(_ bytes: RawSpan) throws {
        try store.take(bytes.byteCount)
        try sink.write(bytes)
    }

    consuming func finish() throws { try sink.finish() }
}
