public import SealedStreams

/// Where a repository keeps its objects.
///
/// The contract is what S3 can do: no rename, no append, no replace.
///
/// Calls block, because their callers are worker threads that read a table, compress, seal and store in one loop, and
/// a worker has nothing else to do while it waits. Never call a store from the cooperative pool for more than a moment.
/// All calls may be made from many threads at once.
///
/// Errors are ``RepositoryError`` with a class that tells what to do: `notFound`, `refused` (the name is taken),
/// `outOfSpace`, `permission`, `unreachable`.
public protocol BlobStore: Sendable {
    /// Where this is, for messages: a path or a URL, without secrets.
    var location: String { get }

    /// Starts an object. It exists from the moment `ByteSink.finish()` returns, whole and durable, and not before.
    ///
    /// A sink that goes away unfinished leaves nothing that ``list(_:)`` or ``get(_:range:)`` could see. When two
    /// writers race for a name, one `finish()` succeeds and the other throws the class `refused`.
    ///
    /// - Parameter name: A name that is not taken.
    /// - Returns: Takes the bytes.
    /// - Throws: ``RepositoryError``, class `refused` when the name is taken.
    func put(_ name: BlobName) throws -> BlobSink

    /// Reads an object.
    ///
    /// - Parameters:
    ///   - name: The object.
    ///   - range: Which bytes, within the object; `nil` for all.
    /// - Returns: Gives the bytes.
    /// - Throws: ``RepositoryError``, class `notFound` when there is no such object.
    func get(_ name: BlobName, range: Range<Int>?) throws -> BlobSource

    /// All finished objects whose names begin with some text, ordered by name.
    ///
    /// An object that was finished before the call is listed; one that is finished during the call may be.
    ///
    /// - Parameter prefix: The beginning of the names, such as `manifests/`; empty for all.
    /// - Returns: Names and sizes; empty when there are none.
    /// - Throws: ``RepositoryError`` when the store cannot be read.
    func list(_ prefix: String) throws -> [BlobEntry]

    /// Removes an object.
    ///
    /// - Parameter name: The object.
    /// - Throws: ``RepositoryError``, class `notFound` when there is no such object.
    func delete(_ name: BlobName) throws

    /// How long an object is.
    ///
    /// - Parameter name: The object.
    /// - Returns: Its length in bytes; `nil` when there is no such object.
    /// - Throws: ``RepositoryError`` when the store cannot be read.
    func size(of name: BlobName) throws -> Int?
}

/// One object in a list.
public struct BlobEntry: Sendable, Hashable {
    /// The object's name.
    public let name: BlobName
    /// Its length in bytes.
    public let size: Int

    /// One object in a list.
    ///
    /// - Parameters:
    ///   - name: The object's name.
    ///   - size: Its length in bytes.
    public init(name: BlobName, size: Int) {
        self.name = name
        self.size = size
    }
}

/// Takes the bytes of one new object of any store.
public struct BlobSink: ByteSink, ~Copyable, Sendable {
    private var sink: any OpenSink & ~Copyable & Sendable

    /// Wraps the sink of a store.
    ///
    /// - Parameter sink: The store's own sink.
    public init(_ sink: consuming some ByteSink & ~Copyable & Sendable) {
        self.sink = SingleUseSink(sink: sink)
    }

    /// Takes the next bytes.
    ///
    /// - Parameter bytes: What comes next.
    /// - Throws: ``RepositoryError`` when they cannot be stored.
    public mutating func write(_ bytes: RawSpan) throws {
        try sink.write(bytes)
    }

    /// Makes the object exist.
    ///
    /// - Throws: ``RepositoryError`` when it cannot be stored or the name was taken meanwhile.
    public consuming func finish() throws {
        try sink.finish()
    }
}

/// Gives the bytes of one object of any store.
public struct BlobSource: ByteSource, ~Copyable, Sendable {
    private var source: any ByteSource & ~Copyable & Sendable

    /// Wraps the source of a store.
    ///
    /// - Parameter source: The store's own source.
    public init(_ source: consuming some ByteSource & ~Copyable & Sendable) {
        self.source = consume source
    }

    /// Appends the next bytes to a buffer.
    ///
    /// - Parameters:
    ///   - maximum: How many bytes to append at most.
    ///   - buffer: Where to append them.
    /// - Returns: How many bytes were appended; 0 at the end.
    /// - Throws: ``RepositoryError`` when they cannot be read.
    public mutating func read(upTo maximum: Int, into buffer: inout ReusableBuffer) throws -> Int {
        try source.read(upTo: maximum, into: &buffer)
    }
}

extension BlobStore {
    /// Stores a small object that is all there.
    ///
    /// - Parameters:
    ///   - bytes: The content.
    ///   - name: A name that is not taken.
    /// - Throws: ``RepositoryError``.
    public func put(_ bytes: [UInt8], as name: BlobName) throws {
        var sink = try put(name)
        try sink.write(bytes)
        try sink.finish()
    }

    /// Reads a small object whole.
    ///
    /// - Parameters:
    ///   - name: The object.
    ///   - limit: How long it may be; a longer one is not what it should be.
    /// - Returns: The content.
    /// - Throws: ``RepositoryError``, class `notFound` or, beyond the limit, `corrupt`.
    public func bytes(of name: BlobName, limit: Int = 64 << 20) throws -> [UInt8] {
        var source = try get(name, range: nil)
        var buffer = ReusableBuffer(capacity: 1 << 16)
        while try source.read(upTo: 1 << 16, into: &buffer) > 0 {
            guard buffer.count <= limit else {
                throw RepositoryError.corrupt(
                    name.description, "is longer than \(limit) bytes, too long for its purpose")
            }
        }
        return buffer.array
    }
}

/// A sink behind an existential, which can be written and finished, but not consumed.
private protocol OpenSink: ~Copyable {
    mutating func write(_ bytes: RawSpan) throws
    mutating func finish() throws
}

/// Holds a sink until it is finished.
private struct SingleUseSink<Sink: ByteSink & ~Copyable & Sendable>: OpenSink, ~Copyable, Sendable {
    private var sink: Sink?

    init(sink: consuming Sink) { self.sink = consume sink }

    mutating func write(_ bytes: RawSpan) throws { try sink?.write(bytes) }

    mutating func finish() throws { try sink.take()?.finish() }
}
