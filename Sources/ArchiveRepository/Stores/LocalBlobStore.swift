public import Foundation
import OffPool
import SealedStreams

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// A store in a folder of this machine.
///
/// An object is written to a temporary file in the folder `.incoming`, synchronized, and then linked under its name,
/// which fails when the name is taken; so a name is free or holds a whole object, also after a power cut.
public struct LocalBlobStore: BlobStore {
    private static let incoming = ".incoming"

    /// The path of the folder.
    public let location: String

    /// The store in a folder, which is made when the first object is put.
    ///
    /// - Parameter path: The folder.
    public init(path: String) {
        var path = path
        while path.utf8.count > 1, path.hasSuffix("/") { path.removeLast() }
        location = path
    }

    /// Whether the folder is missing or has nothing in it, not even files of others.
    ///
    /// - Returns: `true` when a new repository may go there.
    /// - Throws: ``RepositoryError`` when the folder cannot be read.
    public func isVacant() throws -> Bool {
        guard let status = try LocalFile.status(location) else { return true }
        guard LocalFile.isFolder(status) else { return false }
        let names = try LocalFile.names(in: location) ?? []
        // An init that was killed leaves folders without a file.
        return try names.allSatisfy { name in
            try name == "lost+found" || name == Self.incoming || name == "keys" && list("keys/").isEmpty
        }
    }

    /// The folders above, links followed.
    ///
    /// - Returns: The nearest first.
    public func enclosing() -> [any BlobStore] {
        let path = location.hasPrefix("/") ? location : "\(FileManager.default.currentDirectoryPath)/\(location)"
        var folder = LocalFile.resolved(path)
        var folders: [any BlobStore] = []
        while folder != "/" {
            folder = LocalFile.parent(of: folder)
            folders.append(LocalBlobStore(path: folder))
        }
        return folders
    }

    /// Whether the place is a folder; a missing one is not.
    func isFolder() throws -> Bool {
        try LocalFile.status(location).map { LocalFile.isFolder($0) } ?? false
    }

    /// Starts an object.
    ///
    /// - Parameter name: A name that is not taken.
    /// - Returns: Takes the bytes.
    /// - Throws: ``RepositoryError``, class `refused` when the name is taken.
    public func put(_ name: BlobName) throws -> BlobSink {
        guard try size(of: name) == nil else { throw RepositoryError.objectExists(name, in: location) }
        let folder = "\(location)/\(Self.incoming)"
        try LocalFile.makeFolder(folder)
        while true {
            let temporary = "\(folder)/\(Hexadecimal.text(try RandomBytes.bytes(count: 16)))"
            if let sink = try LocalBlobSink.begin(store: location, name: name, temporary: temporary) {
                return BlobSink(sink)
            }
        }
    }

    /// Reads an object.
    ///
    /// - Parameters:
    ///   - name: The object.
    ///   - range: Which bytes; `nil` for all.
    /// - Returns: Gives the bytes.
    /// - Throws: ``RepositoryError``, class `notFound` when there is no such object.
    public func get(_ name: BlobName, range: Range<Int>?) throws -> BlobSource {
        guard try size(of: name) != nil else { throw RepositoryError.noSuchObject(name, in: location) }
        return BlobSource(LocalBlobSource(file: try LocalFile(path(name), O_RDONLY | O_NONBLOCK), range: range))
    }

    /// All finished objects whose names begin with some text, ordered by name.
    ///
    /// - Parameter prefix: The beginning of the names.
    /// - Returns: Names, sizes and times. Files that no store of ours wrote are left out.
    /// - Throws: ``RepositoryError`` when the folder cannot be read.
    public func list(_ prefix: String) throws -> [BlobEntry] {
        try Cancellation.check()
        let folder = prefix.lastIndex(of: "/").map { String(prefix[..<$0]) } ?? ""
        guard folder.isEmpty || BlobName(folder) != nil else { return [] }
        var entries: [BlobEntry] = []
        try collect(folder, &entries)
        return entries.filter { $0.name.description.hasPrefix(prefix) }.sorted { $0.name < $1.name }
    }

    /// Removes an object.
    ///
    /// - Parameter name: The object.
    /// - Throws: ``RepositoryError``, class `notFound` when there is no such object.
    public func delete(_ name: BlobName) throws {
        try Cancellation.check()
        guard try LocalFile.remove(path(name)) else { throw RepositoryError.noSuchObject(name, in: location) }
        let folder = LocalFile.parent(of: path(name))
        // Another process may have removed the last object in it, and the folder.
        if try LocalFile.status(folder) != nil { try LocalFile.synchronizeFolder(folder) }
        // Folders of one claim, backup or generation go with their last file; those of a kind stay.
        guard name.description.filter({ $0 == "/" }).count > 1 else { return }
        LocalFile.removeIfEmpty(folder)
    }

    /// How long an object is.
    ///
    /// - Parameter name: The object.
    /// - Returns: Its length; `nil` when there is no such object.
    /// - Throws: ``RepositoryError`` when the folder cannot be read.
    public func size(of name: BlobName) throws -> Int? {
        try Cancellation.check()
        guard let status = try LocalFile.status(path(name)), LocalFile.isRegular(status) else { return nil }
        return Int(status.st_size)
    }

    /// Removes temporary files that a killed process left behind; those of running processes are locked and stay.
    ///
    /// - Returns: How many were removed.
    /// - Throws: ``RepositoryError`` when the folder cannot be changed.
    @discardableResult
    public func sweepTemporaries() throws -> Int {
        let folder = "\(location)/\(Self.incoming)"
        var removed = 0
        for name in try LocalFile.names(in: folder) ?? [] {
            let path = "\(folder)/\(name)"
            guard let status = try LocalFile.status(path), LocalFile.isRegular(status) else { continue }
            guard let file = try? LocalFile(path, O_RDONLY | O_NONBLOCK), file.tryLock() else { continue }
            if try LocalFile.remove(path) { removed += 1 }
        }
        try removeEmptyFolders()
        return removed
    }

    /// The same as ``sweepTemporaries()``.
    ///
    /// - Returns: How many files were removed.
    /// - Throws: ``RepositoryError`` when the folder cannot be changed.
    @discardableResult
    public func sweepUnfinished() throws -> Int { try sweepTemporaries() }

    /// What time it is by the clock that stamps the files: a file system on another machine has that machine's.
    ///
    /// - Returns: The time of a file that was written just now, and is gone again.
    /// - Throws: ``RepositoryError`` when the folder cannot be written.
    public func now() throws -> Date {
        try Cancellation.check()
        let folder = "\(location)/\(Self.incoming)"
        try LocalFile.makeFolder(folder)
        let path = "\(folder)/\(Hexadecimal.text(try RandomBytes.bytes(count: 16)))"
        let file = try LocalFile(path, O_WRONLY | O_CREAT | O_EXCL)
        defer { _ = try? LocalFile.remove(path) }
        try unsafe file.write([0].span.bytes)
        return try file.modified
    }

    /// Removes what is left of a claim whose last file went as its process was killed.
    private func removeEmptyFolders() throws {
        for folder in ["claims", "marks/deleted", "marks/restored", "marks/verified"] {
            for name in try LocalFile.names(in: "\(location)/\(folder)") ?? [] {
                LocalFile.removeIfEmpty("\(location)/\(folder)/\(name)")
            }
        }
    }

    /// What stands among the objects and is none: named pipes, links to nothing, folders in the place of objects.
    ///
    /// - Returns: One for each, ordered by name.
    /// - Throws: ``RepositoryError`` when the folder cannot be read.
    public func strangers() throws -> [StrangeEntry] {
        var found: [StrangeEntry] = []
        try findStrangers("", &found)
        return found.sorted { $0.name < $1.name }
    }

    private func findStrangers(_ folder: String, _ found: inout [StrangeEntry]) throws {
        for part in try LocalFile.names(in: folder.isEmpty ? location : "\(location)/\(folder)") ?? [] {
            guard let name = BlobName(folder.isEmpty ? part : "\(folder)/\(part)"),
                let what = LocalFile.obstacle(at: path(name))
            else { continue }
            let isFolder = try LocalFile.status(path(name)).map { LocalFile.isFolder($0) } ?? false
            if isFolder, ObjectRole(name) == .foreign {
                try findStrangers(name.description, &found)
            } else {
                found.append(StrangeEntry(name: name, what: what, removal: LocalFile.removal(of: path(name))))
            }
        }
    }

    private func path(_ name: BlobName) -> String { "\(location)/\(name)" }

    private func collect(_ folder: String, _ entries: inout [BlobEntry]) throws {
        for part in try LocalFile.names(in: folder.isEmpty ? location : "\(location)/\(folder)") ?? [] {
            guard let name = BlobName(folder.isEmpty ? part : "\(folder)/\(part)") else { continue }
            guard let status = try LocalFile.status(path(name)) else { continue }
            if LocalFile.isFolder(status) {
                try collect(name.description, &entries)
            } else if LocalFile.isRegular(status) {
                entries.append(
                    BlobEntry(name: name, size: Int(status.st_size), modified: LocalFile.modified(status)))
            }
        }
    }
}

private struct LocalBlobSource: ByteSource, ~Copyable, Sendable {
    let file: LocalFile
    var position: Int
    let end: Int

    init(file: consuming LocalFile, range: Range<Int>?) {
        self.file = file
        position = range?.lowerBound ?? 0
        end = range?.upperBound ?? .max
    }

    mutating func read(upTo maximum: Int, into buffer: inout ReusableBuffer) throws -> Int {
        let length = min(maximum, end - position)
        guard length > 0 else { return 0 }
        let added = try file.read(at: position, upTo: length, into: &buffer)
        position += added
        return added
    }
}
