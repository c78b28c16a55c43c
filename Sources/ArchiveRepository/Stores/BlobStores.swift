import Diagnostics

/// Opens the store that a location means.
public enum BlobStores: Sendable {
    /// A store by its location.
    ///
    /// - Parameters:
    ///   - location: A folder.
    ///   - environment: The variables of the process.
    /// - Returns: The store; nothing was read yet.
    /// - Throws: ``RepositoryError`` of class `usage` when the location is none.
    public static func open(_ location: String, environment: [String: String]) throws -> any BlobStore {
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
}
