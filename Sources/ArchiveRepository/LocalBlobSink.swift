import SealedStreams

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// Writes one object of a ``LocalBlobStore``: temporary file, synchronize, link, synchronize the folder.
struct LocalBlobSink: ByteSink, ~Copyable, Sendable {
    private let file: LocalFile
    private let store: String
    private let name: BlobName
    private let temporary: String

    init(store: String, name: BlobName, temporary: String) throws(RepositoryError) {
        file = try LocalFile(temporary, O_WRONLY | O_CREAT | O_EXCL)
        self.store = store
        self.name = name
        self.temporary = temporary
        // Held until the file is closed, so that a sweep sees that somebody is still at work.
        _ = file.tryLock()
    }

    deinit {
        // After a commit this removes the second name, after a failure the only one. Nothing can be done when it fails.
        _ = try? LocalFile.remove(temporary)
    }

    mutating func write(_ bytes: RawSpan) throws {
        try file.write(bytes)
    }

    consuming func finish() throws {
        try file.synchronize()
        let path = "\(store)/\(name)"
        let folder = LocalFile.parent(of: path)
        try LocalFile.makeFolder(folder)
        guard try LocalFile.link(temporary, path) else { throw RepositoryError.objectExists(name, in: store) }
        try LocalFile.synchronizeFolder(folder)
    }
}
