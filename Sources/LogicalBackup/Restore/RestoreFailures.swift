import Diagnostics
import PostgresClient

/// The error of a restore that had begun to fill the database: with the state it leaves.
enum UnfinishedRestore {
    static func error(_ error: any Error, database: String) -> any Error {
        let cause = error as? any ExplainedError
        let state = "Database \(database) is half restored. It stays closed to anon, authenticated and service_role."
        if Task.isCancelled || error is CancellationError {
            return BackupError(
                code: "restore.interrupted",
                summary: "Interrupted. \(state)",
                remedy: afresh,
                failureClass: .interrupted
            )
        }
        return BackupError(
            code: cause?.code ?? "restore.failed",
            summary: "\(cause?.summary ?? "\(error)") \(state)",
            remedy: remedy(after: cause),
            failureClass: cause?.failureClass ?? .failure,
            findings: (error as? BackupError)?.findings ?? []
        )
    }

    private static func remedy(after cause: (any ExplainedError)?) -> Remedy {
        guard let cause, let own = cause.remedy else { return afresh }
        switch cause.failureClass {
        case .dataDiffers, .corrupt: return own
        case .outOfSpace where cause is PostgresError:
            return Remedy("\(afresh.sentence) \(own.sentence)", command: own.command)
        default: return afresh
        }
    }

    private static let afresh = Remedy(
        "Remove the cause, drop and create the database again (or take another fresh project), and restore into that."
    )
}

/// The error of one statement of the schema, with what it was.
enum StatementFailure {
    static func error(_ error: PostgresError, statement: String, phase: String) -> any Error {
        guard error.kind == .server else { return error }
        let start = statement.split(separator: "\n").first.map(String.init) ?? ""
        let shown = start.count > 120 ? start.prefix(120) + "…" : start[...]
        return BackupError(
            code: "restore.statement-failed",
            summary: "The target refused a statement of the schema (\(phase)): \(error.summary) Statement: \(shown)",
            remedy: error.remedy.map { Remedy("Nothing was changed. \($0.sentence)", command: $0.command) }
                ?? Remedy("Nothing was changed. Remove the cause and start the restore again."),
            failureClass: error.failureClass
        )
    }
}
