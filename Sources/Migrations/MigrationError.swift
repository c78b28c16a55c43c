public import Diagnostics
import PostgresClient

/// Why migrations could not be read, planned or applied.
public struct MigrationError: ExplainedError {
    /// The stable name for scripts, such as `migration.failed`.
    public let code: String
    /// What happened, to which file, and what is applied.
    public let summary: String
    /// What to do next.
    public let remedy: Remedy?
    /// The kind of failure.
    public let failureClass: FailureClass
    /// The single problems behind it.
    public let findings: [Finding]
    /// The place in the file.
    public let span: SourceSpan?
    /// The server's error, where there is one.
    public let underlying: (any ExplainedError)?

    init(
        code: String,
        summary: String,
        remedy: Remedy? = nil,
        failureClass: FailureClass = .failure,
        findings: [Finding] = [],
        span: SourceSpan? = nil,
        underlying: (any ExplainedError)? = nil
    ) {
        self.code = code
        self.summary = summary
        self.remedy = remedy
        self.failureClass = failureClass
        self.findings = findings
        self.span = span
        self.underlying = underlying
    }

    static func noFolder(_ path: String) -> MigrationError {
        MigrationError(
            code: "migration.no-folder", summary: "The folder \"\(path)\" does not exist or cannot be read.",
            remedy: Remedy("Go to the folder of the project, or name this one with --migrations DIR."),
            failureClass: .notFound)
    }

    static func duplicateVersions(_ findings: [Finding]) -> MigrationError {
        MigrationError(
            code: "migration.duplicate", summary: findings.map(\.message).joined(separator: " "),
            remedy: findings.first?.remedy, failureClass: .refused, findings: findings)
    }

    static func unreadable(_ findings: [Finding]) -> MigrationError {
        guard findings.count == 1 else {
            return MigrationError(
                code: findings[0].code, summary: "\(findings.count) files cannot be used. Nothing was applied.",
                remedy: Remedy("Correct them and run the command again."), findings: findings)
        }
        let places = findings.map { finding in
            "\(finding.span.map(\.description) ?? finding.subject ?? ""): \(finding.message)"
        }
        return MigrationError(
            code: findings[0].code,
            summary: "\(places.joined(separator: " ")) Nothing was applied.",
            remedy: findings[0].remedy ?? Remedy("Correct the file and run the command again."),
            findings: findings, span: findings[0].span)
    }

    static func refused(_ obstacles: [Finding]) -> MigrationError {
        let first = obstacles[0]
        guard obstacles.count == 1 else {
            return MigrationError(
                code: first.code, summary: "\(obstacles.count) problems speak against the run. Nothing was applied.",
                failureClass: .refused, findings: obstacles)
        }
        return MigrationError(
            code: first.code, summary: "\(first.span.map { "\($0): " } ?? "")\(first.message) Nothing was applied.",
            remedy: first.remedy, failureClass: .refused, findings: obstacles, span: first.span)
    }

    static func ledgerClosed(_ error: PostgresError) -> MigrationError {
        MigrationError(
            code: "migration.ledger-closed",
            summary: "The role may not read supabase_migrations.schema_migrations, which says what is applied: "
                + "\(error.summary)",
            remedy: Remedy("Connect as the role that applies migrations (on Supabase: postgres)."),
            failureClass: error.failureClass, underlying: error)
    }

    static func noLedger(_ error: PostgresError) -> MigrationError {
        let remedy =
            error.failureClass == .permission
            ? Remedy("Run it as the owner of the database (on Supabase: postgres), which may create the schemas.")
            : Remedy("When the reason is gone, run again:", command: "wheels-db migrate up")
        return MigrationError(
            code: "migration.no-ledger",
            summary:
                "The tables that record what is applied, in the schemas supabase_migrations and wheels_migrations, "
                + "cannot be made: \(error.summary) Nothing was applied.",
            remedy: remedy, failureClass: error.failureClass, underlying: error)
    }

    static func unknownVersion(_ version: String) -> MigrationError {
        MigrationError(
            code: "migration.unknown-version", summary: "No migration has the version \(version).",
            remedy: Remedy("See the versions:", command: "wheels-db migrate status"), failureClass: .usage)
    }

    static func fileExists(_ path: String) -> MigrationError {
        MigrationError(
            code: "migration.file-exists", summary: "\(path) exists already; it was not changed.",
            failureClass: .refused)
    }

    static func noLaterVersion(than newest: String, _ folder: String) -> MigrationError {
        MigrationError(
            code: "migration.no-later-version",
            summary: "\(folder) has a file of version \(newest), and no version of 14 digits comes after it.",
            remedy: Remedy("Rename that file: its version is to be a time, such as 20260131120000."),
            failureClass: .refused)
    }

    static func cannotWrite(_ path: String, _ error: any Error) -> MigrationError {
        MigrationError(
            code: "migration.cannot-write", summary: "\(path) cannot be written: \(error).",
            remedy: Remedy("Check the folder's permissions and the free space."))
    }

    static func invalidName(_ name: String) -> MigrationError {
        MigrationError(
            code: "migration.invalid-name",
            summary: "\"\(name)\" has no letter or digit that a file name could be made of.",
            remedy: Remedy("Say what the migration does.", command: "wheels-db migrate new add_trip_notes"),
            failureClass: .usage)
    }
}
