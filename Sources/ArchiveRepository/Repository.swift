import Diagnostics
import Foundation
import OffPool
import SealedStreams

/// A place that holds backups.
///
/// Objects are written once and never replaced. A backup exists when its manifest does. See `docs/ARCHIVE-FORMAT.md`.
public struct Repository: Sendable {
    /// Where the objects are.
    public let store: any BlobStore
    /// What the repository says of itself.
    public let config: RepositoryConfig
    /// What is wrong with the file that says it; then ``config`` is what is known without it.
    public let markerDamage: MarkerDamage?
    /// The place as the user gave it.
    public var location: String { store.location }
    /// The keys that stand in it.
    public var keyRing: KeyRing { KeyRing(store: store) }

    static let missingCode = "repository.not-found"

    init(store: any BlobStore, config: RepositoryConfig, markerDamage: MarkerDamage? = nil) {
        self.store = store
        self.config = config
        self.markerDamage = markerDamage
    }

    /// Makes a repository and its first generation of keys.
    ///
    /// - Parameters:
    ///   - store: A place that is empty.
    ///   - holders: Who can open it; at least one.
    ///   - generation: The keys; the machine that makes backups needs the writer key of it.
    /// - Returns: The new repository.
    /// - Throws: ``RepositoryError`` of class `refused` when something is there already, or a repository around it; `usage`
    ///   for an empty passphrase.
    public static func create(
        in store: any BlobStore,
        holders: [KeyHolder],
        generation: KeyGeneration
    ) throws -> Repository {
        precondition(!holders.isEmpty, "A repository that nobody can open is no repository")
        try refuseEmptyPassphrase(holders)
        try requireVacant(store)
        let config = RepositoryConfig(id: Hexadecimal.text(try RandomBytes.bytes(count: 8)), created: .now)
        let ring = KeyRing(store: store)
        do {
            for holder in holders { try ring.add(generation, for: holder) }
            try store.put(try config.encoded(), as: RepositoryConfig.name)
        } catch {
            // Keys alone would make the place look like somebody else's at the next attempt; but a description whose answer
            // was lost may be there, and then they are needed.
            try Cancellation.shielded {
                guard try store.size(of: RepositoryConfig.name) == nil else { return }
                for holder in holders { ring.takeBack(generation, from: holder) }
            }
            throw error
        }
        return Repository(store: store, config: config)
    }

    /// Opens a repository.
    ///
    /// - Parameter store: Where it is.
    /// - Returns: The repository; nothing of it is decrypted yet.
    /// - Throws: ``RepositoryError`` of class `notFound` when there is none, `unsupportedVersion` when it has another
    ///   format.
    public static func open(in store: any BlobStore) throws -> Repository {
        let bytes: [UInt8]
        do { bytes = try store.bytes(of: RepositoryConfig.name, limit: 1 << 20) } catch let error as RepositoryError
            where error.failureClass == .notFound && error.code == "repository.no-such-object"
        {
            throw RepositoryError(
                code: missingCode,
                summary: "There is no backup repository at \(store.location).",
                remedy: Remedy(
                    "Check the place, or make one:",
                    command: "wheels-db repository init --repository \(store.location) --new-identity FILE"
                ),
                failureClass: .notFound
            )
        }
        return Repository(store: store, config: try .decode(bytes, location: store.location))
    }

    /// The names of all backups, oldest first; takes no key.
    ///
    /// - Returns: The names.
    /// - Throws: ``RepositoryError`` when the place cannot be read.
    public func backups() throws -> [BackupID] {
        try store.list(Layout.manifests).compactMap { entry in
            BackupID(String(entry.name.description.dropFirst(Layout.manifests.count)))
        }
        .sorted()
    }

    private static func refuseEmptyPassphrase(_ holders: [KeyHolder]) throws {
        for case .passphrase(let passphrase) in holders where passphrase.isEmpty {
            throw RepositoryError(
                code: "repository.empty-passphrase",
                summary: "The passphrase is empty: it would protect nothing.",
                remedy: Remedy("Write it into the first line of its file; several random words are best."),
                failureClass: .usage
            )
        }
    }
}
