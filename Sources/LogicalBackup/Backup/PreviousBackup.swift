import ArchiveRepository

/// The newest backup that the writer key opens: what it names need not be stored again.
struct PreviousBackup: Sendable {
    /// Its name.
    let backup: String
    /// Its objects.
    let objects: [StoredObject]
    /// The files that open them.
    let keyFiles: [KeyFile]

    /// Finds it.
    ///
    /// One that is damaged, or sealed by other keys, only costs what it would have saved.
    ///
    /// - Throws: `RepositoryError` when the store cannot be read.
    static func newest(in writer: WriterAccess) throws -> PreviousBackup? {
        let catalog = BackupCatalog(repository: writer.repository, access: writer)
        guard let manifest = try catalog.newestThatOpens() else { return nil }
        return PreviousBackup(backup: manifest.backup, objects: manifest.objects, keyFiles: manifest.keyFiles)
    }
}
