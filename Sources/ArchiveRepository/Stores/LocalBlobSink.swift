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
    /// What went wrong first: an object that lost bytes once never comes into being.
    private var failure: RepositoryError?

    private init(file: consuming LocalFile, store: String, name: BlobName) {
        temporary = file.path
        self.file = file
        self.store = store
        self.name = name
    }

    /// Begins an object in a new temporary file.
    ///
    /// - Returns: The sink; `nil` when a sweep took the file for the rest of a dead run before it was locked.
    static func begin(
        store: String,
        name: BlobName,
        temporary: String
    ) throws(RepositoryError) -> LocalBlobSink? {
        let file = try LocalFile(temporary, O_WRONLY | O_CREAT | O_EXCL)
        // Held until the file is closed, so that a sweep sees that somebody is still at work.
        guard !file.isLockedByAnother(), try LocalFile.status(temporary) != nil else { return nil }
        return LocalBlobSink(file: file, store: store, name: name)
    }

    deinit {
        // After a commit this removes the second name, after a failure the only one. Nothing can be done when it fails.
        _ = try? LocalFile.remove(temporary)
    }

    mutating func write(_ bytes: RawSpan) throws {
        if let failure { throw failure }
        do throws(RepositoryError) { try file.write(bytes) } catch {
            failure = error
            throw error
        }
    }

    consuming func finish() throws {
        if let failure { throw failure }
        try file.synchronize()
        let path = "\(store)/\(name)"
        guard try LocalFile.linkDurably(temporary, path) else {
            guard LocalFile.obstacle(at: path) == nil else { throw LocalFile.obstacle(path, wanted: "a file") }
            throw RepositoryError.objectExists(name, in: store)
        }
    }
}
