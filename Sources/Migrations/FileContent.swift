import Diagnostics
import SQLText

/// What a file that is to be applied holds, as far as it decides how it runs.
struct FileContent {
    /// The command that cannot run in a transaction; `nil` when the file is one transaction.
    let outsideTransaction: String?
    /// What speaks against applying the file.
    let findings: [Finding]

    /// Looks at each statement's kind.
    init(_ file: MigrationFile) {
        var command: String?
        var findings: [Finding] = []
        for statement in file.up {
            // Each place costs a walk over the file: only what has something to report pays for it.
            var span: SourceSpan { file.span(utf8Offset: statement.utf8Range.lowerBound) }
            switch statement.kind {
            case .transactionControl(let name): findings.append(.transactionControl(file, name, span))
            case .copyFromClient, .copyToClient: findings.append(.copy(file, span))
            case .outsideTransaction(let name):
                command = command ?? name
                if file.up.count > 1 { findings.append(.mixed(file, name, span)) }
            case .data, .setting, .createTable, .other: break
            }
        }
        if file.up.isEmpty { findings.append(.empty(file)) }
        outsideTransaction = command
        self.findings = findings
    }
}

extension Finding {
    fileprivate static func transactionControl(_ file: MigrationFile, _ name: String, _ span: SourceSpan) -> Finding {
        Finding(
            code: "migration.transaction-control", severity: .error, subject: "\(file.fileName)",
            message: "\(name) has no place in a migration: each file is one transaction already.", span: span,
            remedy: Remedy("Remove the statement."))
    }

    fileprivate static func copy(_ file: MigrationFile, _ span: SourceSpan) -> Finding {
        Finding(
            code: "migration.copy", severity: .error, subject: "\(file.fileName)",
            message: "COPY with STDIN or STDOUT needs a client that sends or takes the rows.", span: span,
            remedy: Remedy("Write the rows as INSERT … VALUES."))
    }

    fileprivate static func mixed(_ file: MigrationFile, _ name: String, _ span: SourceSpan) -> Finding {
        Finding(
            code: "migration.mixed", severity: .error, subject: "\(file.fileName)",
            message: "\(name) cannot run in a transaction, so it cannot share a file with other statements.",
            span: span,
            remedy: Remedy("Move it into a migration of its own.", command: "wheels-db migrate new NAME"))
    }

    fileprivate static func empty(_ file: MigrationFile) -> Finding {
        Finding(
            code: "migration.empty", severity: .warning, subject: "\(file.fileName)",
            message: "\(file.fileName) holds no statement; it is recorded as applied.")
    }
}
