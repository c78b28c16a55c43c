import ArchiveRepository
import Diagnostics
import Foundation
import SealedStreams

/// A clock that a test sets.
///
/// `@unchecked`: `moment` is touched under `lock` alone.
final class TestClock: @unchecked Sendable {
    private let lock = NSLock()
    private var moment = Date(timeIntervalSince1970: 1_800_000_000)

    var now: Date { lock.withLock { moment } }
    func advance(_ seconds: Double) { lock.withLock { moment += seconds } }
    func advance(days: Double) { advance(days * 86_400) }
}

/// A store in memory whose clock, rights and death a test decides about.
///
/// `@unchecked`: `state` is touched under `lock` alone.
final class TestStore: BlobStore, @unchecked Sendable {
    struct Object: Sendable, Hashable {
        let bytes: [UInt8]
        let modified: Date
    }

    private struct State {
        var objects: [BlobName: Object] = [:]
        /// After so many more calls the process is dead: nothing goes through any more.
        var callsLeft = Int.max
        var calls = 0
        var mayDelete = true
        var onPut: (@Sendable (BlobName) -> Void)?
    }

    let clock: TestClock
    let location = "test"
    private let lock = NSLock()
    private var state = State()

    init(clock: TestClock, objects: [BlobName: Object] = [:]) {
        self.clock = clock
        state.objects = objects
    }

    var objects: [BlobName: Object] { lock.withLock { state.objects } }
    var names: [String] { objects.keys.sorted().map(\.description) }
    var calls: Int { lock.withLock { state.calls } }
    func die(afterCalls count: Int) { lock.withLock { state.callsLeft = count } }
    func setMayDelete(_ may: Bool) { lock.withLock { state.mayDelete = may } }
    func setOnPut(_ body: (@Sendable (BlobName) -> Void)?) { lock.withLock { state.onPut = body } }

    /// Puts an object in the place of another, as only somebody with a hand on the disk can.
    func overwrite(_ name: BlobName, _ bytes: [UInt8]?) {
        lock.withLock {
            let modified = state.objects[name]?.modified ?? clock.now
            state.objects[name] = bytes.map { Object(bytes: $0, modified: modified) }
        }
    }

    func put(_ name: BlobName) throws -> BlobSink {
        guard try size(of: name) == nil else { throw RepositoryError.objectExists(name, in: location) }
        return BlobSink(TestSink(store: self, name: name))
    }

    func get(_ name: BlobName, range: Range<Int>?) throws -> BlobSource {
        try step()
        guard let bytes = objects[name]?.bytes else { throw RepositoryError.noSuchObject(name, in: location) }
        return BlobSource(MemorySource(Array(bytes[(range ?? 0..<bytes.count).clamped(to: 0..<bytes.count)])))
    }

    func list(_ prefix: String) throws -> [BlobEntry] {
        try step()
        return objects.filter { $0.key.description.hasPrefix(prefix) }
            .map { BlobEntry(name: $0.key, size: $0.value.bytes.count, modified: $0.value.modified) }
            .sorted { $0.name < $1.name }
    }

    func delete(_ name: BlobName) throws {
        try step()
        guard lock.withLock({ state.mayDelete }) else {
            throw RepositoryError(code: "test.denied", summary: "\(name): access denied.", failureClass: .permission)
        }
        guard lock.withLock({ state.objects.removeValue(forKey: name) }) != nil else {
            throw RepositoryError.noSuchObject(name, in: location)
        }
    }

    func size(of name: BlobName) throws -> Int? {
        try step()
        return objects[name]?.bytes.count
    }

    func now() throws -> Date {
        try step()
        return clock.now
    }

    fileprivate func commit(_ bytes: [UInt8], as name: BlobName) throws {
        lock.withLock { state.onPut }?(name)
        try step()
        let isNew = lock.withLock {
            guard state.objects[name] == nil else { return false }
            state.objects[name] = Object(bytes: bytes, modified: clock.now)
            return true
        }
        guard isNew else { throw RepositoryError.objectExists(name, in: location) }
    }

    private func step() throws {
        let isDead = lock.withLock {
            state.calls += 1
            state.callsLeft -= 1
            return state.callsLeft < 0
        }
        guard !isDead else {
            throw RepositoryError(code: "test.dead", summary: "The process is dead.", failureClass: .unreachable)
        }
    }
}

private struct TestSink: ByteSink, Sendable {
    let store: TestStore
    let name: BlobName
    var bytes: [UInt8] = []

    mutating func write(_ span: RawSpan) {
        unsafe span.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
    }

    consuming func finish() throws { try store.commit(bytes, as: name) }
}
