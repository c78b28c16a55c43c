public import Diagnostics

/// A failure of a repository or of the store below it.
public struct RepositoryError: ExplainedError, Sendable {
    /// The stable name for scripts, such as `repository.not-found`.
    public let code: String
    /// What failed, and on what.
    public let summary: String
    /// What to do next, where something can be done.
    public let remedy: Remedy?
    /// The kind of failure, which decides the exit code.
    public let failureClass: FailureClass

    /// An error that names what failed.
    ///
    /// - Parameters:
    ///   - code: The stable name for scripts.
    ///   - summary: What failed, and on what.
    ///   - remedy: What to do next.
    ///   - failureClass: The kind of failure.
    public init(code: String, summary: String, remedy: Remedy? = nil, failureClass: FailureClass = .failure) {
        self.code = code
        self.summary = summary
        self.remedy = remedy
        self.failureClass = failureClass
    }

    /// A store has no object of this name.
    ///
    /// - Parameters:
    ///   - name: The object.
    ///   - location: The store.
    /// - Returns: An error of the class `FailureClass.notFound`.
    public static func noSuchObject(_ name: BlobName, in location: String) -> RepositoryError {
        RepositoryError(
            code: "repository.no-such-object",
            summary: "\(name) is not in \(location).",
            failureClass: .notFound
        )
    }

    /// A store has an object of this name, and objects are written once.
    ///
    /// - Parameters:
    ///   - name: The object.
    ///   - location: The store.
    /// - Returns: An error of the class `FailureClass.refused`.
    public static func objectExists(_ name: BlobName, in location: String) -> RepositoryError {
        RepositoryError(
            code: "repository.object-exists",
            summary: "\(name) is already in \(location); objects are written once and never replaced.",
            failureClass: .refused
        )
    }

    static func corrupt(_ name: String, _ reason: String) -> RepositoryError {
        RepositoryError(code: "repository.corrupt", summary: "\(name) \(reason).", failureClass: .corrupt)
    }

    static let missingCode = "repository.missing"

    /// An object that something in the repository needs is not there: that is damage.
    static func missing(_ name: BlobName, from location: String) -> RepositoryError {
        RepositoryError(
            code: missingCode, summary: "\(name) is missing from \(location).", failureClass: .corrupt)
    }

    static func unknownCodec(_ codec: UInt8, of name: BlobName) -> RepositoryError {
        RepositoryError(
            code: "repository.unknown-codec",
            summary: "\(name) is encoded by codec \(codec), which this version of wheels-db does not know.",
            remedy: Remedy("Use the version that wrote it, or a newer one."),
            failureClass: .unsupportedVersion
        )
    }

    /// The code of the error for a writer key of another repository.
    public static let foreignWriterKey = "repository.foreign-writer-key"

    static func wrongKey(_ summary: String, _ remedy: String) -> RepositoryError {
        RepositoryError(
            code: "repository.wrong-key",
            summary: summary,
            remedy: Remedy(remedy),
            failureClass: .wrongKey
        )
    }
}
