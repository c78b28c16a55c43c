import Foundation
import SealedStreams

/// The right to read everything.
public struct ReaderAccess: Sendable {
    let repository: Repository
    private let writerKeys: [WriterKey]
    private let open: AgeOpener
    private let runKeys: RunKeyCache

    init(repository: Repository, writerKeys: [WriterKey], open: @escaping AgeOpener) {
        self.repository = repository
        self.writerKeys = writerKeys
        self.open = open
        runKeys = RunKeyCache()
    }

    /// The manifest of a backup.
    ///
    /// - Parameter id: The backup.
    /// - Returns: The manifest, decrypted.
    /// - Throws: ``RepositoryError`` or `SealedStreamError` of class `corrupt` when it is damaged.
    public func manifest(_ id: BackupID) throws -> [UInt8] {
        try transfer.read(Layout.manifest(id), kind: .manifest) { writer in
            let key = try writerKey(writer, of: "manifests/\(id)")
            return OpeningKeys(content: try key.manifestKey, code: try key.codeKey)
        }
    }

    /// The rows of an object.
    ///
    /// - Parameters:
    ///   - object: The object as the manifest names it.
    ///   - id: The backup.
    /// - Returns: A reader; that all is there is known when it has come to the end.
    /// - Throws: ``RepositoryError`` or `SealedStreamError` of class `corrupt` when it is missing or damaged.
    public func openChunk(_ object: StoredObject, of id: BackupID) throws -> ChunkReader {
        let source = try transfer.source(object.name, kind: .chunk) { try openingKeys($0, run: id, of: object.name) }
        let codec = try ChunkCodecs.standard.codec(source.header.codec, for: object.name)
        return ChunkReader(
            object: object, decoder: try codec.makeDecoder(name: object.name.description), source: source)
    }

    /// A part of the schema.
    ///
    /// - Parameters:
    ///   - object: The object as the manifest names it.
    ///   - id: The backup.
    /// - Returns: The content.
    /// - Throws: ``RepositoryError`` or `SealedStreamError` of class `corrupt` when it is missing or damaged.
    public func schema(_ object: StoredObject, of id: BackupID) throws -> [UInt8] {
        let content = try transfer.read(object.name, kind: .schema) { try openingKeys($0, run: id, of: object.name) }
        guard content.count == object.rawBytes else {
            throw RepositoryError.corrupt(object.name.description, "is not the object that the manifest means")
        }
        return content
    }

    private var transfer: ObjectTransfer { ObjectTransfer(store: repository.store) }

    private func openingKeys(
        _ writer: KeyFingerprint,
        run: BackupID,
        of name: BlobName
    ) throws -> OpeningKeys {
        let content = try runKeys.key(of: run) {
            let file = try Layout.runKey(run)
            guard try repository.store.size(of: file) != nil else {
                throw RepositoryError.corrupt(file.description, "is missing: the rows of backup \(run) are lost")
            }
            let text = try open(try repository.store.bytes(of: file, limit: 1 << 20), file.description)
            guard let key = try SecretText.key(String(decoding: text, as: UTF8.self), label: RunKey.label) else {
                throw RepositoryError.corrupt(file.description, "holds no data key")
            }
            return key
        }
        return OpeningKeys(content: content, code: try writerKey(writer, of: name.description).codeKey)
    }

    private func writerKey(_ fingerprint: KeyFingerprint, of name: String) throws -> WriterKey {
        guard let key = try writerKeys.first(where: { try $0.fingerprint == fingerprint }) else {
            throw RepositoryError.corrupt(name, "was written with a key that this repository does not have")
        }
        return key
    }
}

/// The data keys that were opened already: opening one with a passphrase takes a second.
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
