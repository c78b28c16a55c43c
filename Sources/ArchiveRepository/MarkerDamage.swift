public import Diagnostics
import Foundation

/// What is wrong with the file that says that a place is a repository, `wheels-db-repository.json`.
///
/// Nothing depends on it: it holds no key, and what it says of the format stands in every object too. So backups are read
/// without it, and it is written anew.
public struct MarkerDamage: Sendable, Hashable {
    let isMissing: Bool
    let reason: String

    static let missing = MarkerDamage(isMissing: true, reason: "is missing")

    /// The problem, for a check of the repository.
    public var problem: ObjectProblem {
        ObjectProblem(
            kind: isMissing ? .missing : .damaged,
            object: RepositoryConfig.name,
            reason: "\(RepositoryConfig.name) \(reason). No key and no row is in it: every backup is read without it.",
            backups: [],
            tables: []
        )
    }

    /// The problem, for whoever works on without the file.
    public var finding: Finding {
        Finding(
            code: "repository.marker",
            severity: .warning,
            subject: RepositoryConfig.name.description,
            message: problem.reason,
            remedy: Self.remedy(for: RepositoryConfig.name)
        )
    }

    static func remedy(for object: BlobName) -> Remedy? {
        guard object == RepositoryConfig.name else { return nil }
        return Remedy("Write it again:", command: "wheels-db repository repair")
    }
}

extension Repository {
    /// Opens a repository, also one whose `wheels-db-repository.json` is missing or damaged beside its keys.
    ///
    /// - Parameter store: Where it is.
    /// - Returns: The repository; ``Repository/markerDamage`` says what is wrong.
    /// - Throws: ``RepositoryError`` of class `notFound` when there is none, `unsupportedVersion` when it has another
    ///   format.
    public static func openWithoutMarker(in store: any BlobStore) throws -> Repository {
        do { return try open(in: store) } catch let error as RepositoryError {
            let isMissing = error.code == missingCode
            guard isMissing || error.failureClass == .corrupt else { throw error }
            guard let generation = try KeyRing(store: store).entries().first?.generation else { throw error }
            let bytes = isMissing ? nil : try? store.bytes(of: RepositoryConfig.name, limit: 1 << 20)
            let damage = isMissing ? MarkerDamage.missing : MarkerDamage(isMissing: false, reason: "is damaged")
            let id = bytes.flatMap { RepositoryConfig.id(within: $0) } ?? generation
            return Repository(store: store, config: RepositoryConfig(id: id, created: .now), markerDamage: damage)
        }
    }

    /// Writes `wheels-db-repository.json` again where it is missing or damaged; a damaged one is deleted.
    ///
    /// - Returns: Whether there was something to do.
    /// - Throws: ``RepositoryError`` when the place cannot be written.
    public func repairMarker() throws -> Bool {
        guard let markerDamage else { return false }
        if !markerDamage.isMissing { try store.delete(RepositoryConfig.name) }
        try store.put(try config.encoded(), as: RepositoryConfig.name)
        return true
    }
}
