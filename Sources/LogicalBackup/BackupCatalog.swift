public import ArchiveRepository
import Diagnostics

/// Whoever can open manifests: the identity's holder, or the machine that writes backups.
public protocol ManifestAccess: Sendable {
    /// The manifest of a backup, decrypted.
    ///
    /// - Parameter id: The backup.
    /// - Returns: The manifest.
    /// - Throws: `RepositoryError` or `SealedStreamError`.
    func manifest(_ id: BackupID) throws -> [UInt8]
}

extension ReaderAccess: ManifestAccess {}
extension WriterAccess: ManifestAccess {}

/// The backups of a repository.
public struct BackupCatalog: Sendable {
    private let repository: Repository
    private let access: any ManifestAccess

    /// The backups that someone can open.
    ///
    /// - Parameters:
    ///   - repository: The repository.
    ///   - access: Whoever can open manifests.
    public init(repository: Repository, access: any ManifestAccess) {
        self.repository = repository
        self.access = access
    }

    /// All backups, oldest first.
    ///
    /// - Returns: The manifests.
    /// - Throws: ``BackupError``, `RepositoryError`.
    public func list() throws -> [BackupManifest] {
        try repository.backups().map { try open($0) }
    }

    /// One backup.
    ///
    /// - Parameter selector: A backup's name, the beginning of one, or `latest`.
    /// - Returns: The manifest.
    /// - Throws: ``BackupError`` of class `notFound` when no backup, or more than one, is meant.
    public func manifest(_ selector: String) throws -> BackupManifest {
        let all = try repository.backups()
        guard let newest = all.last else {
            throw BackupError(
                code: "backup.none",
                summary: "The repository \(repository.location) holds no backup.",
                remedy: Remedy("Make one:", command: "wheels-db backup create --repository \(repository.location)"),
                failureClass: .notFound
            )
        }
        if selector == "latest" { return try latest(of: all.filter { $0.second == newest.second }) }
        let matches = all.filter { $0.description.hasPrefix(selector) }
        guard let match = matches.first, matches.count == 1 else {
            throw BackupError(
                code: matches.isEmpty ? "backup.not-found" : "backup.ambiguous",
                summary: matches.isEmpty
                    ? "The repository \(repository.location) holds no backup \(selector)."
                    : "\(matches.count) backups begin with \(selector).",
                remedy: Remedy("See them:", command: "wheels-db backup list --repository \(repository.location)"),
                failureClass: .notFound
            )
        }
        return try open(match)
    }

    /// The youngest of backups that began in the same second: their names do not tell.
    private func latest(of rivals: [BackupID]) throws -> BackupManifest {
        var latest = try open(rivals[0])
        for id in rivals.dropFirst() {
            let manifest = try open(id)
            if manifest.snapshotAt > latest.snapshotAt { latest = manifest }
        }
        return latest
    }

    private func open(_ id: BackupID) throws -> BackupManifest {
        try ManifestCoding.decode(try access.manifest(id), name: id.description)
    }
}
