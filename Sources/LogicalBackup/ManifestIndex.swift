public import ArchiveRepository
import CatalogInspection

/// Tells a repository what its backups are and need.
public struct ManifestIndex: BackupIndex {
    private let access: any DocumentAccess

    /// The index of the manifests that someone can open.
    ///
    /// - Parameter access: Whoever can open manifests.
    public init(access: any DocumentAccess) { self.access = access }

    /// What a backup is and needs.
    ///
    /// - Parameter id: A backup whose manifest is in the store.
    /// - Returns: Its entry.
    /// - Throws: ``BackupError``, `RepositoryError` or `SealedStreamError` when the manifest cannot be read.
    public func entry(of id: BackupID) throws -> BackupEntry {
        let manifest: BackupManifest = try ManifestCoding.decode(try access.manifest(id), name: id.description)
        let subjects = manifest.subjectsByObject
        return BackupEntry(
            id: id,
            time: manifest.snapshotAt,
            predecessor: manifest.previous.flatMap { BackupID($0) },
            objects: manifest.objects.map { object in
                ObjectReference(
                    name: object.name,
                    storedBytes: object.storedBytes,
                    code: object.code,
                    run: object.run,
                    subjects: (subjects[object.name] ?? []).sorted()
                )
            },
            keyFiles: manifest.keyFiles
        )
    }
}

extension BackupManifest {
    /// What is in each object, for people.
    var subjectsByObject: [BlobName: Set<String>] {
        var subjects: [BlobName: Set<String>] = [:]
        for record in tables {
            for piece in record.chunks.flatMap(\.pieces) {
                subjects[piece.object.name, default: []].insert(record.table.displayName)
            }
        }
        for piece in (largeObjects?.chunks ?? []).flatMap(\.pieces) {
            subjects[piece.object.name, default: []].insert("large objects")
        }
        for object in [schemaArchive, schemaSQL] { subjects[object.name, default: []].insert("the schema") }
        // Losing it costs one full read and no row.
        if let rangeIndex { subjects[rangeIndex.name, default: []].insert("the index for the next backup") }
        return subjects
    }
}
