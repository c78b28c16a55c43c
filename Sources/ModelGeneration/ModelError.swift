public import Diagnostics

/// Why models could not be read, planned or written.
public struct ModelError: ExplainedError {
    /// The stable name for scripts, such as `models.foreign-file`.
    public let code: String
    /// What happened, to what.
    public let summary: String
    /// What to do next.
    public let remedy: Remedy?
    /// The kind of failure.
    public let failureClass: FailureClass

    private init(_ code: String, _ summary: String, remedy: Remedy, failureClass: FailureClass = .failure) {
        self.code = code
        self.summary = summary
        self.remedy = remedy
        self.failureClass = failureClass
    }

    static func noSchema(_ name: String) -> ModelError {
        ModelError(
            "models.no-schema", "The database has no schema \"\(name)\".",
            remedy: Remedy("Name the schemas of the data API with --schema, or as api_schemas in wheels-db.yml."),
            failureClass: .notFound)
    }

    static func foreignFile(_ path: String) -> ModelError {
        ModelError(
            "models.foreign-file",
            "\(path) would be overwritten, but it was not generated: its first line is not that of a model.",
            remedy: Remedy("Move or rename the file, or name another folder with --models."),
            failureClass: .refused)
    }

    static func unreadable(_ path: String, _ reason: String) -> ModelError {
        ModelError(
            "models.unreadable", "\(path) cannot be read: \(reason).",
            remedy: Remedy("Check the permissions, and that it is a text file."))
    }

    static func unwritable(_ path: String, _ reason: String) -> ModelError {
        ModelError(
            "models.unwritable", "\(path) cannot be changed: \(reason).",
            remedy: Remedy("Check the permissions and the space on the disk, and run the command again."))
    }
}
