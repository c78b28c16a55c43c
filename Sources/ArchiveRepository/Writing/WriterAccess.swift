import Diagnostics
public import Foundation
public import SealedStreams

/// The right to make backups, to open manifests and to check every object; it opens no rows.
public struct WriterAccess: Sendable {
    /// The repository.
    public let repository: Repository
    /// The writer key.
    public let key: WriterKey
    /// The generation makes no more backups.
    public let isRetired: Bool

    /// Begins a run and draws its data key, which is stored, sealed, before the first object.
    ///
    /// - Parameters:
    ///   - claim: The right to be the only run that writes; the run takes its name, and commits only while it is held.
    ///   - known: What the last manifest names: such an object is used again without being read, when it is there and
    ///     what opens it is as it was; so damage that came since is found by a check, and made good by a run without.
    ///   - keyFiles: What the last manifest notes of the files that open them.
    ///   - vouched: Reads what all manifests note of such files; asked before an object that none of late names is used.
    ///   - now: When the run begins, where it has no claim.
    /// - Returns: The run.
    /// - Throws: ``RepositoryError`` when the place cannot be written; class `wrongKey` when the key is retired.
    public func beginRun(
        claim: HeldClaim? = nil,
        known: [StoredObject] = [],
        keyFiles: [KeyFile] = [],
        vouched: @escaping @Sendable () throws -> [KeyFile] = { [] },
        now: Date = .now
    ) throws -> RunWriter {
        guard !isRetired else {
            throw RepositoryError.wrongKey(
                "The writer key of generation \(try key.fingerprint) was retired: the keys were rotated.",
                "Give the writer key that `wheels-db repository keys rotate` wrote."
            )
        }
        // What a killed run left half written only takes room; not being able to remove it stops nothing.
        _ = try? repository.store.sweepUnfinished()
        let id = try claim?.run ?? BackupID(now: now)
        let dataKey = try SecretKey()
        let text = Array(try SecretText.text(dataKey, label: RunKey.label).utf8)
        let stored = try Self.present(in: repository.store)
        let lost = try lostKeys(of: Set(known.map(\.run)), keyFiles)
        return RunWriter(
            id: id,
            claim: claim,
            access: self,
            dataKey: dataKey,
            keyFile: try AgeFile.seal(text, for: [key.recipient]),
            present: stored,
            known: known.filter { !lost.contains($0.run) },
            // What such a file should open is no object to use again, however its code is.
            runKeys: try runKeys().filter { !lost.contains($0.key) },
            vouched: VouchedKeys(store: repository.store, load: vouched)
        )
    }

    /// The files of data keys and their lengths.
    private func runKeys() throws -> [BackupID: Int] {
        var lengths: [BackupID: Int] = [:]
        for entry in try repository.store.list(Layout.runs) {
            if let run = Self.run(of: entry.name) { lengths[run] = entry.size }
        }
        return lengths
    }

    /// The run of a file that holds a data key.
    private static func run(of keyFile: BlobName) -> BackupID? {
        let name = keyFile.description
        guard name.hasPrefix(Layout.runs), name.hasSuffix(".age") else { return nil }
        return BackupID(String(name.dropFirst(Layout.runs.count).dropLast(4)))
    }

    /// Those runs whose data key is not in the file that was stored any more.
    private func lostKeys(of runs: Set<BackupID>, _ keyFiles: [KeyFile]) throws -> Set<BackupID> {
        let digests = Dictionary(keyFiles.map { ($0.name, $0.sha256) }) { first, _ in first }
        return try runs.union(keyFiles.compactMap { Self.run(of: $0.name) }).filter { run in
            let name = try Layout.runKey(run)
            do {
                let bytes = try repository.store.bytes(of: name, limit: 1 << 20)
                return try digests[name].map { try $0 != SHA256.digest(bytes) } ?? false
            } catch let error as RepositoryError where [.notFound, .corrupt].contains(error.failureClass) {
                return true
            }
        }
    }

    /// Stores a claim or a mark.
    ///
    /// - Parameters:
    ///   - content: The content.
    ///   - name: A name that is not taken.
    ///   - kind: What it is for.
    /// - Throws: ``RepositoryError``.
    public func putDocument(_ content: [UInt8], as name: BlobName, kind: SealedObjectKind) throws {
        _ = try ObjectTransfer(store: repository.store).putDocument(
            content, as: name, kind: kind, keys: key.documentKeys)
    }

    private static func present(in store: any BlobStore) throws -> [BlobName: Int] {
        var sizes: [BlobName: Int] = [:]
        for folder in Layout.contentFolders {
            for entry in try store.list(folder) { sizes[entry.name] = entry.size }
        }
        return sizes
    }
}

extension WriterAccess: DocumentAccess {
    /// A manifest, a claim or a mark that this key sealed.
    ///
    /// - Parameters:
    ///   - name: The object.
    ///   - kind: What it is for.
    /// - Returns: Its content.
    /// - Throws: ``RepositoryError`` or `SealedStreamError`: corrupt when it is missing or damaged, wrong key when another
    ///   writer key sealed it.
    public func document(_ name: BlobName, kind: SealedObjectKind) throws -> [UInt8] {
        try ObjectTransfer(store: repository.store).document(
            name,
            kind: kind,
            code: { try codeKey($0, name) },
            keys: { header in
                try refuseOthers(header.writer, name)
                return try key.documentKeys(header, of: name)
            }
        )
    }

    /// Checks an object by its code.
    ///
    /// - Parameter name: The object.
    /// - Returns: Its length and code.
    /// - Throws: ``RepositoryError`` or `SealedStreamError`.
    public func check(_ name: BlobName) throws -> ObjectCheck {
        ObjectCheck(try ObjectTransfer(store: repository.store).check(name) { try codeKey($0, name) })
    }

    private func codeKey(_ writer: KeyFingerprint, _ name: BlobName) throws -> SecretKey {
        try refuseOthers(writer, name)
        return try key.codeKey
    }

    private func refuseOthers(_ writer: KeyFingerprint, _ name: BlobName) throws {
        guard try writer != key.fingerprint else { return }
        throw try RepositoryError.otherGeneration(writer, of: name, in: repository)
    }
}

extension ReaderAccess {
    /// The right to write of a holder: with the newest keys that were not retired.
    ///
    /// - Returns: The right to write.
    /// - Throws: ``RepositoryError`` of class `wrongKey` when all of the holder's generations are retired.
    public func writer() throws -> WriterAccess {
        let own = try generations.filter { try !repository.isRetired($0.writerKey) }.sorted { $0.created < $1.created }
        guard let generation = own.last else {
            throw RepositoryError.wrongKey(
                "All keys of \(repository.location) that this identity opens are retired.",
                "Make new ones: wheels-db repository keys rotate."
            )
        }
        return try repository.writer(key: generation.writerKey)
    }
}
