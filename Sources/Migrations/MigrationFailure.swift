import Diagnostics
import PostgresClient
import PostgresTypes
import SQLText

/// A file that failed while it was applied, and what stands around it.
struct MigrationFailure {
    let file: MigrationFile
    /// The statement that failed; `nil` at COMMIT.
    let statement: Statement?
    let cause: any ExplainedError
    /// The files that this run had applied before.
    let applied: [MigrationFileName]
    let ranOutsideTransaction: Bool
    /// Who held the locks that the file waited for.
    let blockers: [LockBlocker]

    /// The error as the user reads it.
    var error: MigrationError {
        let span = file.span(utf8Offset: offset)
        return MigrationError(
            code: isUnconfirmed ? "migration.unconfirmed" : "migration.failed",
            summary: "\(span): \(reason) \(outcome)", remedy: remedy, failureClass: cause.failureClass, span: span,
            underlying: cause)
    }

    private var server: PostgresError? { cause as? PostgresError }
    private var isUnconfirmed: Bool { (cause as? TransactionError)?.step == .commitUnconfirmed }
    private var isLockWait: Bool { server?.sqlState == .lockNotAvailable || server?.sqlState == .deadlockDetected }

    /// Where the server points to, else the start of the statement, else the start of the file.
    private var offset: Int {
        guard let statement else { return file.up.first?.utf8Range.lowerBound ?? 0 }
        guard let position = server?.position else { return statement.utf8Range.lowerBound }
        return statement.utf8Offset(ofCharacter: position)
    }

    private var reason: String {
        var text = cause.summary
        if server?.position == nil, let context = server?.context {
            text += " Context: \(context.split(separator: "\n").joined(separator: "; "))."
        }
        if isLockWait, !blockers.isEmpty {
            text += " Waited for \(blockers.map(\.description).joined(separator: ", "))."
        }
        return text
    }

    private var outcome: String {
        let before =
            applied.isEmpty
            ? "No migration was applied."
            : "Applied before it in this run: \(applied.map(\.description).joined(separator: ", "))."
        if isUnconfirmed { return "It may or may not be applied. \(before)" }
        if ranOutsideTransaction { return "It ran outside a transaction and is not recorded as applied. \(before)" }
        return "Nothing of \(file.fileName) was kept. \(before)"
    }

    private var remedy: Remedy {
        if isUnconfirmed { return Remedy("See whether it is applied:", command: "wheels-db migrate status") }
        if server?.endsSession == true {
            return Remedy("When the database can be reached, run again:", command: "wheels-db migrate up")
        }
        if isLockWait {
            return Remedy("Let the sessions named above end, then run again:", command: "wheels-db migrate up")
        }
        if ranOutsideTransaction {
            return Remedy(
                "A failed concurrent build leaves an invalid index (\\d in psql marks it INVALID): drop it with DROP "
                    + "INDEX CONCURRENTLY, correct the file and run again:", command: "wheels-db migrate up")
        }
        return Remedy("Correct the file and run again:", command: "wheels-db migrate up")
    }
}
