public import Foundation
import SealedStreams

/// A store that forgets everything with the process: for tests, with the same contract as the others.
///
/// `@unchecked`: `blobs` is touched under `lock` alone.
public final class MemoryBlobStore: BlobStore, @unchecked Sendable {
    private let lock = NSLock()
    private var blobs: [BlobName: (bytes: [UInt8], modified: Date)] = [:]
    private let clock: @Sendable () -> Date

    /// An empty store.
    ///
    /// - Parameter clock: The store's clock.
    public init(clock: @escaping @Sendable () -> Date = { Date.now }) {
        self.clock = clock
    }

    /// The word `memory`, for messages.
    public var location: String { "memory" }

    /// Starts an object.
    ///
    /// - Parameter name: A name that is not taken.
    /// - Returns: Takes the bytes.
    /// - Throws: ``RepositoryError``, class `refused` when the name is taken.
    public func put(_ name: BlobName) throws -> BlobSink {
        guard try size(of: name) == nil else { throw RepositoryError.objectExists(name, in: location) }
        return BlobSink(MemorySink(store: self, name: name))
    }

    /// Reads an object.
    ///
    /// - Parameters:
    ///   - name: The object.
    ///   - range: Which bytes; `nil` for all.
    /// - Returns: Gives the bytes.
    /// - Throws: ``RepositoryError``, class `notFound` when there is no such object.
    public func get(_ name: BlobName, range: Range<Int>?) throws -> BlobSource {
        guard let bytes = lock.withLock({ blobs[name]?.bytes }) else {
            throw RepositoryError.noSuchObject(name, in: location)
        }
        guard let range else { return BlobSource(MemorySource(bytes)) }
        return BlobSource(MemorySource(Array(bytes[range.clamped(to: 0..<bytes.count)])))
    }

    /// All finished objects whose names begin with some text, ordered by name.
    ///
    /// - Parameter prefix: The beginning of the names.
    /// - Returns: Names, sizes and times.
    public func list(_ prefix: String) -> [BlobEntry] {
        lock.withLock {
            blobs.filter { $0.key.description.hasPrefix(prefix) }
                .map { BlobEntry(name: $0.key, size: $0.value.bytes.count, modified: $0.value.modified) }
                .sorted { $0.name < $1.name }
        }
    }

    /// Removes an object.
    ///
    /// - Parameter name: The object.
    /// - Throws: ``RepositoryError``, class `notFound` when there is no such object.
    public func delete(_ name: BlobName) throws {
        guard lock.withLock({ blobs.removeValue(forKey: name) }) != nil else {
            throw RepositoryError.noSuchObject(name, in: location)
        }
    }

    /// How long an object is.
    ///
    /// - Parameter name: The object.
    /// - Returns: Its length; `nil` when there is no such object.
    /// - Throws: Never; a store in memory always answers.
    public func size(of name: BlobName) throws -> Int? {
        lock.withLock { blobs[name]?.bytes.count }
    }

    /// What time it is by the clock of this store.
    ///
    /// - Returns: The time.
    public func now() -> Date { clock() }

    fileprivate func commit(_ bytes: [UInt8], as name: BlobName) throws {
        let modified = clock()
        let isNew = lock.withLock {
            guard blobs[name] == nil else { return false }
            blobs[name] = (bytes, modified)
            return true
        }
        guard isNew else { throw RepositoryError.objectExists(name, in: location) }
    }
}

private struct MemorySink: ByteSink, Sendable {
    let store: MemoryBlobStore
    let name: BlobName
    var bytes: [UInt8] = []

    mutating func write(_ span: RawSpan) {
        unsafe span.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
    }

    consuming func finish() throws {
        try store.commit(bytes, as: name)
    }
}
