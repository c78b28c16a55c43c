import ArchiveRepository

/// The newest backup that the writer key opens: what it names need not be stored again.
struct PreviousBackup: Sendable {
    /// Its name.
    let backup: String
    /// Its objects.
    let objects: [StoredObject]

    /// Finds it.
    ///
    /// One that is damaged, or sealed by other keys, only costs what it would have saved.
    static func newest(in writer: WriterAccess) -> PreviousBackup? {
        let catalog = BackupCatalog(repository: writer.repository, access: writer)
        guard let listing = try? catalog.listing(newest: 3), let manifest = listing.manifests.last else { return nil }
        return PreviousBackup(backup: manifest.backup, objects: manifest.objects)
    }
}
