import Diagnostics
import Foundation
public import SealedStreams

/// The right to read everything that was sealed for the holder.
public struct ReaderAccess: Sendable {
    /// The repository.
    public let repository: Repository
    /// The generations of keys that could be opened.
    public let generations: [KeyGeneration]
    private let runKeys = RunKeyCache()

    init(repository: Repository, generations: [KeyGeneration]) {
        self.repository = repository
        self.generations = generations
    }

    /// The rows of a piece.
    ///
    /// - Parameter piece: The piece as the manifest names it.
    /// - Returns: A reader; that all is there is known when it has come to the end.
    /// - Throws: ``RepositoryError`` or `SealedStreamError` of class `corrupt` when it is missing or damaged.
    public func open(_ piece: StoredPiece) throws -> PieceReader {
        try PieceReader.open(piece, in: try source(piece.object, kind: .chunk))
    }

    /// A part of the schema.
    ///
    /// - Parameter object: The object as the manifest names it.
    /// - Returns: The content.
    /// - Throws: ``RepositoryError`` or `SealedStreamError` of class `corrupt` when it is missing or damaged.
    public func schema(_ object: StoredObject) throws -> [UInt8] {
        let content = try transfer.document(object.name, kind: .schema) { try openingKeys($0, of: object) }
        return content
    }

    func source(_ object: StoredObject, kind: SealedObjectKind) throws -> ObjectSource {
        try transfer.source(object.name, kind: kind) { try openingKeys($0, of: object) }
    }

    private var transfer: ObjectTransfer { ObjectTransfer(store: repository.store) }

    private func openingKeys(_ header: SealedObjectHeader, of object: StoredObject) throws -> OpeningKeys {
        guard header.keyName == object.run.description else {
            throw RepositoryError.corrupt(object.name.description, "is not the object that the manifest means")
        }
        let generation = try generation(header.writer, of: object.name)
        let content = try runKeys.key(of: object.run) {
            let file = try Layout.runKey(object.run)
            let sealed: [UInt8]
            do { sealed = try repository.store.bytes(of: file, limit: 1 << 20) } catch let error as RepositoryError
            where error.failureClass == .notFound {
                throw RepositoryError.corrupt(
                    file.description, "is missing: the rows that run \(object.run) stored are lost")
            }
            let text = try AgeFile.open(sealed, with: [generation.archive], name: file.description)
            guard let (key, _) = try SecretText.key(String(decoding: text, as: UTF8.self), label: RunKey.label) else {
                throw RepositoryError.corrupt(file.description, "holds no data key")
            }
            return key
        }
        return OpeningKeys(content: content, code: try generation.writerKey.codeKey)
    }

    private func generation(_ fingerprint: KeyFingerprint, of name: BlobName) throws -> KeyGeneration {
        if let found = try generations.first(where: { try $0.name == fingerprint }) { return found }
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
        try transfer.document(name, kind: kind) { header in
            try generation(header.writer, of: name).writerKey.documentKeys(header, of: name)
        }
    }

    /// Checks an object by its code.
    ///
    /// - Parameter name: The object.
    /// - Returns: Its length and code.
    /// - Throws: ``RepositoryError`` or `SealedStreamError`.
    public func check(_ name: BlobName) throws -> ObjectCheck {
        ObjectCheck(
            try transfer.check(name) { try generation($0, of: name).writerKey.codeKey })
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
