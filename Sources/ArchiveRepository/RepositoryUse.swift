/// How much room a repository takes in its store.
public struct RepositoryUse: Sendable, Hashable {
    /// Objects of all kinds.
    public let objects: Int
    /// Their bytes.
    public let bytes: Int
    /// Those among them that are backups, deleted ones included.
    public let backups: Int

    /// What some objects take.
    ///
    /// - Parameter entries: All objects of a repository.
    init(_ entries: [BlobEntry]) {
        objects = entries.count
        bytes = entries.reduce(0) { $0 + $1.size }
        backups = entries.count { entry in
            if case .manifest = ObjectRole(entry.name) { true } else { false }
        }
    }
}

extension Repository {
    /// Adds up what its objects take, from one list of the store; reads none of them, and blocks.
    ///
    /// - Returns: The sums.
    /// - Throws: ``RepositoryError`` when the store cannot be listed.
    /// - Complexity: O(*n*) in the number of objects; on S3 one request for each thousand.
    public func use() throws -> RepositoryUse { RepositoryUse(try store.list("")) }
}
