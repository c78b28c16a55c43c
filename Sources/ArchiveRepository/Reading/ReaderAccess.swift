import Diagnostics
import Foundation
public import SealedStreams

/// The right to read everything that was sealed for the holder.
public struct ReaderAccess: Sendable {
    /// The repository.
    public let repository: Repository
    /// The generations of keys that could be opened.
    public let generations: [KeyGeneration]
    /// The holder's files that should open another generation, and do not.
    let damagedFiles: [HolderFileDamage]
    private let runKeys = RunKeyCache()

    init(repository: Repository, generations: [KeyGeneration], damagedFiles: [HolderFileDamage] = []) {
        self.repository = repository
        self.generations = generations
        self.damagedFiles = damagedFiles
    }

    /// Whether a file that a manifest notes is still the one that was stored, and opens.
    ///
    /// - Parameters:
    ///   - file: The file of a data key.
    ///   - run: The run whose key it holds.
    /// - Throws: ``RepositoryError`` of class `corrupt` when it is missing or another one.
    public func check(_ file: KeyFile, of run: BackupID) throws {
        let bytes: [UInt8]
        do { bytes = try repository.store.bytes(of: file.name, limit: 1 << 20) } catch let error as RepositoryError
            where error.failureClass == .notFound
        { throw RepositoryError.missing(file.name, from: repository.location) }
        guard try SHA256.digest(bytes) == file.sha256 else {
            throw RepositoryError.corrupt(file.name.description, "is not the key file that was stored")
        }
    }

    /// The rows of a piece.
    ///
    /// - Parameters:
    ///   - piece: The piece as the manifest names it.
    ///   - types: The numbers of the columns' types, when the content digest of the rows shall be computed on the way.
    /// - Returns: A reader; that all is there is known when it has come to the end.
    /// - Throws: ``RepositoryError`` or `SealedStreamError` of class `corrupt` when it is missing or damaged.
    public func open(_ piece: StoredPiece, digesting types: [UInt32]? = nil) throws -> PieceReader {
        try PieceReader.open(piece, digesting: types, in: try source(piece.object, kind: .chunk))
    }

    /// A part of the schema.
    ///
    /// - Parameter object: The object as the manifest names it.
    /// - Returns: The content.
    /// - Throws: ``RepositoryError`` or `SealedStreamError` of class `corrupt` when it is missing or damaged.
    public func schema(_ object: StoredObject) throws -> [UInt8] {
        try transfer.document(
            object.name,
            kind: .schema,
            code: { try codeKey($0, of: object.name) },
            keys: { try openingKeys($0, of: object) }
        )
    }

    func source(_ object: StoredObject, kind: SealedObjectKind) throws -> ObjectSource {
        try transfer.source(
            object.name,
            kind: kind,
            code: { try codeKey($0, of: object.name) },
            keys: { try openingKeys($0, of: object) }
        )
    }

    /// The data key of a run, by any of the generations that could be opened.
    ///
    /// - Throws: ``RepositoryError``: corrupt when it is missing or damaged, wrong key when it may be of a generation that
    ///   the holder cannot open.
    func dataKey(of run: BackupID) throws -> SecretKey {
        do { return try RunKey.open(run, with: generations.map(\.archive), in: repository.store) } catch {
            guard try repository.keyRing.entries().count > generations.count,
                (error as? RepositoryError)?.code == RunKey.closedCode
            else { throw error }
            throw RepositoryError.wrongKey(
                "runs/\(run).age is of a generation of keys that this key does not open.",
                "Give an identity that is a holder of it: wheels-db repository keys list."
            )
        }
    }

    private func codeKey(_ writer: KeyFingerprint, of name: BlobName) throws -> SecretKey {
        try generation(writer, of: name).writerKey.codeKey
    }

    private var transfer: ObjectTransfer { ObjectTransfer(store: repository.store) }

    private func openingKeys(_ header: SealedObjectHeader, of object: StoredObject) throws -> OpeningKeys {
        guard header.keyName == object.run.description else {
            throw RepositoryError.corrupt(object.name.description, "is not the object that the manifest means")
        }
        let generation = try generation(header.writer, of: object.name)
        let content = try runKeys.key(of: object.run) {
            try RunKey.open(object.run, with: [generation.archive], in: repository.store)
        }
        return OpeningKeys(content: content, code: try generation.writerKey.codeKey)
    }

    private func generation(_ fingerprint: KeyFingerprint, of name: BlobName) throws -> KeyGeneration {
        if let found = try generations.first(where: { try $0.name == fingerprint }) { return found }
        if let damage = damagedFiles.first(where: { $0.generation == fingerprint }) { throw damage.error }
        throw try RepositoryError.otherGeneration(fingerprint, of: name, in: repository)
    }
}

extension ReaderAccess: DocumentAccess {
    /// A manifest, a claim or a mark.
    ///
    /// - Parameters:
    ///   - name: The object.
    ///   - kind: What it is for.
    /// - Returns: Its content.
    /// - Throws: ``RepositoryError`` or `SealedStreamError`: corrupt when it is missing or damaged, wrong key when it is of
    ///   a generation that the holder cannot open.
    public func document(_ name: BlobName, kind: SealedObjectKind) throws -> [UInt8] {
        try transfer.document(
            name,
            kind: kind,
            code: { try codeKey($0, of: name) },
            keys: { try generation($0.writer, of: name).writerKey.documentKeys($0, of: name) }
        )
    }

    /// Checks an object by its code.
    ///
    /// - Parameter name: The object.
    /// - Returns: Its length and code.
    /// - Throws: ``RepositoryError`` or `SealedStreamError`.
    public func check(_ name: BlobName) throws -> ObjectCheck {
        ObjectCheck(try transfer.check(name) { try codeKey($0, of: name) })
    }
}

/// The data keys that were opened already.
///
/// `@unchecked`: `keys` is touched under `lock` alone. A lock of the system and not `Mutex`, whose waiting the thread
/// sanitizer does not see.
private final class RunKeyCache: @unchecked Sendable {
    private let lock = NSLock()
    private var keys: [BackupID: SecretKey] = [:]

    func key(of run: BackupID, opening open: () throws -> SecretKey) throws -> SecretKey {
        if let known = lock.withLock({ keys[run] }) { return known }
        let key = try open()
        lock.withLock { keys[run] = key }
        return key
    }
}
