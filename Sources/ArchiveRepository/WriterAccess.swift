public import Foundation
import SealedStreams
import Synchronization

/// The right to make backups and to open manifests, but no rows.
public struct WriterAccess: Sendable {
    let repository: Repository
    /// The writer key.
    public let key: WriterKey
    let protection: RepositoryProtection
    /// The key was made just now.
    public let isNewKey: Bool

    /// Begins a run: draws its data key and stores it, sealed, before anything else.
    ///
    /// - Parameter now: When the run begins.
    /// - Returns: The run.
    /// - Throws: ``RepositoryError`` when the place cannot be written.
    public func beginRun(now: Date = .now) throws -> RunWriter {
        // What a killed run left half written only takes room; not being able to remove it stops nothing.
        _ = try? (repository.store as? LocalBlobStore)?.sweepTemporaries()
        let id = try BackupID(now: now)
        let dataKey = try SecretKey()
        let text = Array(try SecretText.text(dataKey, label: RunKey.label).utf8)
        try repository.store.put(try repository.seal(text, protection: protection), as: Layout.runKey(id))
        return RunWriter(id: id, access: self, dataKey: dataKey)
    }

    /// The manifest of a backup that this key sealed.
    ///
    /// - Parameter id: The backup.
    /// - Returns: The manifest, decrypted.
    /// - Throws: ``RepositoryError`` of class `wrongKey` when another writer key sealed it.
    public func manifest(_ id: BackupID) throws -> [UInt8] {
        let own = try key.fingerprint
        return try ObjectTransfer(store: repository.store).read(Layout.manifest(id), kind: .manifest) { writer in
            guard writer == own else {
                throw RepositoryError.wrongKey(
                    "Backup \(id) was made with another writer key.",
                    "Give the identity instead: --identity FILE."
                )
            }
            return OpeningKeys(content: try key.manifestKey, code: try key.codeKey)
        }
    }
}

/// The data key of a run.
enum RunKey {
    static let label = "WHEELS-DATA-KEY-1"
}

/// One backup being written, by several workers at once.
public final class RunWriter: Sendable {
    /// The backup's name.
    public let id: BackupID
    private let access: WriterAccess
    private let dataKey: SecretKey
    private let counter = Atomic(0)

    init(id: BackupID, access: WriterAccess, dataKey: SecretKey) {
        self.id = id
        self.access = access
        self.dataKey = dataKey
    }

    /// The next object for rows.
    ///
    /// - Returns: A writer; the object exists when it is finished.
    /// - Throws: ``RepositoryError`` when the place cannot be written.
    public func chunkWriter() throws -> ChunkWriter {
        let name = try nextName("chunks")
        let codec = PlainRowsCodec()
        let sink = try ObjectSink(
            try access.repository.store.put(name),
            name: name.description,
            kind: .chunk,
            codec: codec.id,
            keys: try keys(content: dataKey)
        )
        return ChunkWriter(name: name, encoder: try codec.makeEncoder(), sink: sink)
    }

    /// Stores a part of the schema.
    ///
    /// - Parameter bytes: The content.
    /// - Returns: The object.
    /// - Throws: ``RepositoryError`` when the place cannot be written.
    public func putSchema(_ bytes: some Sequence<UInt8>) throws -> StoredObject {
        try ObjectTransfer(store: access.repository.store).put(
            Array(bytes),
            as: nextName("schemas"),
            kind: .schema,
            keys: keys(content: dataKey)
        )
    }

    /// Stores the manifest: from now on the backup exists.
    ///
    /// - Parameter manifest: The manifest.
    /// - Throws: ``RepositoryError`` when the place cannot be written.
    public func commit(manifest: [UInt8]) throws {
        _ = try ObjectTransfer(store: access.repository.store).put(
            manifest,
            as: Layout.manifest(id),
            kind: .manifest,
            keys: keys(content: access.key.manifestKey)
        )
    }

    /// Removes what a failed run has stored, so that it takes no space; a run with a manifest stays.
    ///
    /// What cannot be removed stays without harm: no manifest means it. Do not use the run afterwards.
    public func abandon() {
        let store = access.repository.store
        do { guard try store.size(of: Layout.manifest(id)) == nil else { return } } catch { return }
        for folder in ["chunks", "schemas"] {
            for entry in (try? store.list("\(folder)/\(id)/")) ?? [] { try? store.delete(entry.name) }
        }
        // Last, for it opens all the others.
        if let key = try? Layout.runKey(id) { try? store.delete(key) }
    }

    private func keys(content: SecretKey) throws -> SealingKeys {
        SealingKeys(content: content, code: try access.key.codeKey, writer: try access.key.fingerprint)
    }

    /// Names tell nothing: they are codes of run and number under the writer key.
    private func nextName(_ folder: String) throws -> BlobName {
        let number = counter.wrappingAdd(1, ordering: .relaxed).newValue
        let code = try HMAC.code(Array("\(id)/\(folder)/\(number)".utf8), key: access.key.nameKey)
        return try Layout.name("\(folder)/\(id)/\(Hexadecimal.text(code.bytes.prefix(16)))")
    }
}
