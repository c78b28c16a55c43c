public import Foundation
import SealedStreams

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
    /// writers race for a name, one `finish()` succeeds and the other throws the class `refused`. A store may notice
    /// that a name is taken here, while bytes are written, or as late as in `finish()`.
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

    /// What time it is by the clock that also sets ``BlobEntry/modified``.
    ///
    /// The age of an object is the difference of the two; the clock of this machine has no say in it.
    ///
    /// - Returns: The store's time, to the second or better.
    /// - Throws: ``RepositoryError`` when the store cannot be asked.
    func now() throws -> Date

    /// Whether nothing at all is there, not even something that is no object of ours.
    ///
    /// - Returns: `true` when a new repository may go there.
    /// - Throws: ``RepositoryError`` when the store cannot be read.
    func isVacant() throws -> Bool

    /// The places around this one: a repository in one of them would hold this one inside it.
    ///
    /// - Returns: The folders or prefixes above, the nearest first.
    func enclosing() -> [any BlobStore]

    /// Removes what killed writers left behind and what no list shows; what running writers need stays.
    ///
    /// Credentials that may not do it are no reason to fail a backup: ignore the error there.
    ///
    /// - Returns: How much was removed.
    /// - Throws: ``RepositoryError`` when the store does not allow it.
    @discardableResult
    func sweepUnfinished() throws -> Int

    /// What stands in the place of objects and can be none, so that no list shows it.
    ///
    /// - Returns: One for each.
    /// - Throws: ``RepositoryError`` when the store cannot be read.
    func strangers() throws -> [StrangeEntry]
}

extension BlobStore {
    /// Whether no object is there.
    ///
    /// - Returns: `true` when the list of all objects is empty.
    /// - Throws: ``RepositoryError`` when the store cannot be read.
    public func isVacant() throws -> Bool { try list("").isEmpty }

    /// No place is around it, unless the store says otherwise.
    ///
    /// - Returns: Nothing.
    public func enclosing() -> [any BlobStore] { [] }

    /// Nothing, unless the store can hold something else than objects.
    ///
    /// - Returns: None.
    public func strangers() throws -> [StrangeEntry] { [] }

    /// Nothing to remove, unless the store says otherwise.
    ///
    /// - Returns: 0.
    @discardableResult
    public func sweepUnfinished() throws -> Int { 0 }
}

/// Something in the place of an object that is none, such as a named pipe.
public struct StrangeEntry: Sendable, Hashable {
    /// Where it is.
    public let name: BlobName
    /// What it is, as "a named pipe".
    public let what: String
    /// The command that takes it away.
    public let removal: String
}

/// One object in a list.
public struct BlobEntry: Sendable, Hashable {
    /// The object's name.
    public let name: BlobName
    /// Its length in bytes.
    public let size: Int
    /// When it was finished, by the store's own clock; `nil` where the store does not say.
    public let modified: Date?

    /// One object in a list.
    ///
    /// - Parameters:
    ///   - name: The object's name.
    ///   - size: Its length in bytes.
    ///   - modified: When it was finished, by the store's own clock.
    public init(name: BlobName, size: Int, modified: Date? = nil) {
        self.name = name
        self.size = size
        self.modified = modified
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
