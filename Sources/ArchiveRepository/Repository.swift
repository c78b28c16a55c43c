import Diagnostics
import Foundation
import SealedStreams

/// A place that holds backups.
///
/// Objects are written once and never replaced. A backup exists when its manifest does. See `docs/ARCHIVE-FORMAT.md`.
public struct Repository: Sendable {
    /// Where the objects are.
    public let store: any BlobStore
    /// What the repository says of itself.
    public let config: RepositoryConfig
    /// The place as the user gave it.
    public var location: String { store.location }

    init(store: any BlobStore, config: RepositoryConfig) {
        self.store = store
        self.config = config
    }

    /// Makes a repository.
    ///
    /// - Parameters:
    ///   - location: A folder that is missing or empty.
    ///   - protection: Who can open it.
    ///   - writerKey: The key of the machine that will make backups; it is stored sealed.
    /// - Returns: The new repository.
    /// - Throws: ``RepositoryError`` of class `refused` when something is there already, `usage` for an empty passphrase.
    public static func create(
        at location: String,
        protection: RepositoryProtection,
        writerKey: WriterKey
    ) throws -> Repository {
        if case .passphrase(let passphrase) = protection, passphrase.isEmpty {
            throw RepositoryError(
                code: "repository.empty-passphrase",
                summary: "The passphrase is empty: it would protect nothing.",
                remedy: Remedy("Write it into the first line of its file; several random words are best."),
                failureClass: .usage
            )
        }
        let store = try store(at: location)
        if try store.size(of: RepositoryConfig.name) != nil {
            throw RepositoryError(
                code: "repository.exists",
                summary: "\(location) is a repository already.",
                remedy: Remedy("Use it, or give another place."),
                failureClass: .refused
            )
        }
        guard try store.isVacant() else {
            throw RepositoryError(
                code: "repository.not-empty",
                summary: "\(location) \(try store.isFolder() ? "holds other files" : "is a file, not a folder").",
                remedy: Remedy("Give an empty or a new folder."),
                failureClass: .refused
            )
        }
        let recipients = if case .recipients(let list) = protection { list.map(\.description) } else { [String]() }
        let config = RepositoryConfig(
            format: RepositoryConfig.newestFormat,
            id: Hexadecimal.text(try RandomBytes.bytes(count: 8)),
            created: Date.now.formatted(.iso8601),
            recipients: recipients
        )
        let repository = Repository(store: store, config: config)
        do {
            try repository.store(writerKey, protection: protection)
            try store.put(try config.encoded(), as: RepositoryConfig.name)
        } catch {
            // A key alone would make the folder look like somebody else's at the next attempt.
            if let name = try? Layout.writerKey(writerKey.fingerprint) { try? store.delete(name) }
            throw error
        }
        return repository
    }

    /// Opens a repository.
    ///
    /// - Parameter location: Its folder.
    /// - Returns: The repository; nothing of it is decrypted yet.
    /// - Throws: ``RepositoryError`` of class `notFound` when there is none, `unsupportedVersion` when it is newer.
    public static func open(_ location: String) throws -> Repository {
        let store = try store(at: location)
        guard try store.size(of: RepositoryConfig.name) != nil else {
            throw RepositoryError(
                code: "repository.not-found",
                summary: "There is no backup repository at \(location).",
                remedy: Remedy(
                    "Check the path, or make one:",
                    command: "wheels-db repository init --repository \(location) --new-identity FILE"
                ),
                failureClass: .notFound
            )
        }
        let bytes = try store.bytes(of: RepositoryConfig.name, limit: 1 << 20)
        return Repository(store: store, config: try .decode(bytes, location: location))
    }

    /// The names of all backups, oldest first; takes no key.
    ///
    /// - Returns: The names.
    /// - Throws: ``RepositoryError`` when the place cannot be read.
    public func backups() throws -> [BackupID] {
        try store.list("manifests/").compactMap { entry in
            BackupID(String(entry.name.description.dropFirst("manifests/".count)))
        }
        .sorted()
    }

    private static func store(at location: String) throws -> LocalBlobStore {
        guard !location.hasPrefix("s3://") else {
            throw RepositoryError(
                code: "repository.no-s3-yet",
                summary: "Repositories on S3 are not supported yet.",
                remedy: Remedy("Use a folder."),
                failureClass: .usage
            )
        }
        guard !location.isEmpty else {
            throw RepositoryError(
                code: "repository.no-location",
                summary: "The repository's location is empty.",
                remedy: Remedy("Give a folder: --repository DIR, or set WHEELS_REPOSITORY."),
                failureClass: .usage
            )
        }
        return LocalBlobStore(path: location)
    }

    func seal(_ bytes: [UInt8], protection: RepositoryProtection) throws -> [UInt8] {
        switch protection {
        case .recipients(let recipients): try AgeFile.seal(bytes, for: recipients)
        case .passphrase(let passphrase): try AgeFile.seal(bytes, with: passphrase)
        }
    }

    func store(_ key: WriterKey, protection: RepositoryProtection) throws {
        let name = try Layout.writerKey(key.fingerprint)
        try store.put(try seal(Array(try key.secretText.utf8), protection: protection), as: name)
    }
}

/// Where objects stand.
enum Layout {
    static func writerKey(_ fingerprint: KeyFingerprint) throws -> BlobName {
        try name("keys/writer-\(fingerprint).age")
    }
    static func runKey(_ run: BackupID) throws -> BlobName { try name("keys/\(run).age") }
    static func manifest(_ run: BackupID) throws -> BlobName { try name("manifests/\(run)") }

    static func name(_ text: String) throws -> BlobName {
        guard let name = BlobName(text) else { throw RepositoryError.corrupt(text, "cannot name an object") }
        return name
    }
}
