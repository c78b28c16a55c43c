import Diagnostics
import PostgresClient
import PostgresTypes
import SQLText

/// A file that failed while it was applied, and what stands around it.
struct MigrationFailure {
    /// What the file was at.
    enum Place {
        /// The session was prepared; no statement had run.
        case beginning
        case statement(Statement)
        /// The row of the ledger.
        case ledger
        case commit
    }

    let file: MigrationFile
    let place: Place
    let cause: any ExplainedError
    /// The files that this run had applied before.
    let applied: [MigrationFileName]
    let ranOutsideTransaction: Bool
    /// Who held the locks that the file waited for.
    let blockers: [LockBlocker]
    /// What a failed concurrent build left behind.
    let invalidIndexes: [String]

    /// The error as the user reads it.
    var error: MigrationError {
        MigrationError(
            code: isUnconfirmed ? "migration.unconfirmed" : "migration.failed",
            summary: "\(heading): \(reason) \(outcome)", remedy: remedy, failureClass: cause.failureClass, span: span,
            underlying: cause)
    }

    /// What this run did before the file.
    static func before(_ applied: [MigrationFileName]) -> String {
        applied.isEmpty
            ? "No migration was applied."
            : "This run had applied before it: \(applied.map(\.description).joined(separator: ", "))."
    }

    private var server: PostgresError? { cause as? PostgresError }
    private var isUnconfirmed: Bool { (cause as? TransactionError)?.step == .commitUnconfirmed }
    private var isLockWait: Bool { server?.sqlState == .lockNotAvailable || server?.sqlState == .deadlockDetected }
    private var endsSession: Bool { isUnconfirmed || server?.endsSession == true }

    /// Where the server points to, else the line of a DO block, else the start of the statement.
    private var span: SourceSpan? {
        guard case .statement(let statement) = place else { return nil }
        if let position = server?.position { return file.span(utf8Offset: statement.utf8Offset(ofCharacter: position)) }
        if let offset = DoBlock.offset(of: server?.context, in: statement) { return file.span(utf8Offset: offset) }
        return file.span(utf8Offset: statement.utf8Range.lowerBound)
    }

    private var heading: String {
        switch place {
        case .beginning: "\(file.path) was not begun"
        case .statement: span?.description ?? file.path
        case .ledger: "\(file.path) ran, but could not be recorded as applied"
        case .commit: "\(file.path), at COMMIT"
        }
    }

    private var reason: String {
        var text = ((cause as? TransactionError)?.underlying as? PostgresError)?.summary ?? cause.summary
        if server?.position == nil, let context = server?.context {
            text += " Context: \(context.split(separator: "\n").joined(separator: "; "))."
        }
        if isLockWait, !blockers.isEmpty {
            text += " It waited for \(blockers.map(\.description).joined(separator: ", "))."
        }
        return text
    }

    private var outcome: String {
        let before = Self.before(applied)
        if isUnconfirmed { return "It may or may not be applied. \(before)" }
        if case .beginning = place { return before }
        if ranOutsideTransaction { return "It ran outside a transaction and is not recorded as applied. \(before)" }
        return "Nothing of \(file.fileName) was kept. \(before)"
    }

    private var remedy: Remedy {
        if isUnconfirmed { return Remedy("See whether it is applied:", command: "wheels-db migrate status") }
        if endsSession {
            return Remedy("When the database can be reached, run again:", command: "wheels-db migrate up")
        }
        if server?.kind == .cancelled { return Remedy("Run again:", command: "wheels-db migrate up") }
        if isLockWait {
            let who = blockers.isEmpty ? "Wait until nobody uses the table" : "Let the sessions named above end"
            return Remedy("\(who), then run again:", command: "wheels-db migrate up")
        }
        if !invalidIndexes.isEmpty { return .dropInvalid(invalidIndexes) }
        return Remedy.forState(server?.sqlState, file)
            ?? Remedy("Correct the file and run again:", command: "wheels-db migrate up")
    }
}

extension Remedy {
    /// What helps against the errors that migrations meet most.
    fileprivate static func forState(_ state: SQLState?, _ file: MigrationFile) -> Remedy? {
        let new = "wheels-db migrate new NAME"
        switch state?.code {
        case "55P04":
            return Remedy(
                "PostgreSQL lets a new enum value be used after the commit that adds it: move the statements that use it "
                    + "to a migration of their own.", command: new)
        case "57014":
            return Remedy(
                "If a statement_timeout of the role stopped it, begin the file with: set local statement_timeout = "
                    + "'30min'; and run again:", command: "wheels-db migrate up")
        case "2D000":
            return Remedy("Remove COMMIT and ROLLBACK from the block: each file is one transaction already.")
        case "25001":
            return Remedy("Move the statement to a migration of its own.", command: new)
        case "42501":
            return Remedy(
                "Run it as the owner of the object (on Supabase: postgres), or grant the privilege, and run again:",
                command: "wheels-db migrate up")
        default: return nil
        }
    }
}
