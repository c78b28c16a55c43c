public import SealedStreams

/// Whoever can open manifests, claims and marks, and check every object: a reader, or the machine that writes backups.
public protocol DocumentAccess: Sendable {
    /// The repository.
    var repository: Repository { get }

    /// A manifest, a claim or a mark.
    ///
    /// - Parameters:
    ///   - name: The object.
    ///   - kind: What it is for.
    /// - Returns: Its content.
    /// - Throws: ``RepositoryError`` or `SealedStreamError`: corrupt when it is missing or damaged, wrong key when another
    ///   generation of keys sealed it.
    func document(_ name: BlobName, kind: SealedObjectKind) throws -> [UInt8]

    /// Checks an object by its code, which takes no data key.
    ///
    /// - Parameter name: The object.
    /// - Returns: Its length and code.
    /// - Throws: ``RepositoryError`` or `SealedStreamError`: corrupt when it is missing or damaged, wrong key when another
    ///   generation of keys sealed it.
    func check(_ name: BlobName) throws -> ObjectCheck
}

extension DocumentAccess {
    /// The manifest of a backup.
    ///
    /// - Parameter id: The backup.
    /// - Returns: The manifest, decrypted.
    /// - Throws: ``RepositoryError`` or `SealedStreamError`.
    public func manifest(_ id: BackupID) throws -> [UInt8] {
        try document(Layout.manifest(id), kind: .manifest)
    }

    /// The digests of page ranges that a manifest names.
    ///
    /// - Parameter object: The object as the manifest names it.
    /// - Returns: The content.
    /// - Throws: ``RepositoryError`` or `SealedStreamError`.
    public func index(_ object: StoredObject) throws -> [UInt8] {
        try document(object.name, kind: .index)
    }
}

/// An object whose code is right.
public struct ObjectCheck: Sendable, Hashable {
    /// What the object is for.
    public let kind: SealedObjectKind
    /// Its whole length in bytes.
    public let storedBytes: Int
    /// The code at its end.
    public let code: Digest
    /// The run whose data key opens it; `nil` where a key of the writer does.
    public let run: BackupID?
    /// The generation of keys that sealed it.
    public let generation: KeyFingerprint

    init(_ found: (header: SealedObjectHeader, storedBytes: Int, code: Digest)) {
        kind = found.header.kind
        storedBytes = found.storedBytes
        code = found.code
        run = BackupID(found.header.keyName)
        generation = found.header.writer
    }
}

extension WriterKey {
    /// What documents are opened with.
    func documentKeys(_ header: SealedObjectHeader, of name: BlobName) throws -> OpeningKeys {
        // An index is named by its content, like rows, and carries the name of the run that stored it.
        guard header.keyName.isEmpty || header.kind == .index else {
            throw RepositoryError.corrupt(name.description, "is sealed with another key than such an object is")
        }
        return OpeningKeys(content: try manifestKey, code: try codeKey)
    }

    /// What documents are sealed with.
    var documentKeys: SealingKeys {
        get throws { SealingKeys(content: try manifestKey, code: try codeKey, writer: try fingerprint) }
    }
}

extension RepositoryError {
    /// Another generation of keys sealed the object: one that the caller does not have, or one that nobody knows.
    static func otherGeneration(
        _ fingerprint: KeyFingerprint,
        of name: BlobName,
        in repository: Repository
    ) throws -> RepositoryError {
        guard try repository.keyRing.entries().contains(where: { $0.generation == fingerprint.description }) else {
            return .corrupt(name.description, "was written with a key that this repository does not have")
        }
        return .wrongKey(
            "\(name) was sealed by keys of the generation \(fingerprint), which this key does not open.",
            "Give an identity that is a holder of it: wheels-db repository keys list."
        )
    }
}
