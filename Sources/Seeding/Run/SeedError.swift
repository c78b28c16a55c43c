import CatalogInspection
public import Diagnostics
public import PostgresClient
import PostgresTypes

/// Why seeding was refused or failed; nothing was changed then.
public struct SeedError: ExplainedError {
    /// The stable name for scripts, such as `seed.refused`.
    public let code: String
    /// What happened.
    public let summary: String
    /// What to do next.
    public let remedy: Remedy?
    /// The kind of failure.
    public let failureClass: FailureClass
    /// The single problems behind it.
    public let findings: [Finding]
    /// The server's error, where there is one.
    public let underlying: PostgresError?

    init(
        code: String,
        summary: String,
        remedy: Remedy? = nil,
        failureClass: FailureClass = .failure,
        findings: [Finding] = [],
        underlying: PostgresError? = nil
    ) {
        self.code = code
        self.summary = summary
        self.remedy = remedy
        self.failureClass = failureClass
        self.findings = findings
        self.underlying = underlying
    }

    static func looksLikeProduction(_ signs: [ProductionSign], remedy: Remedy) -> SeedError {
        SeedError(
            code: "seed.refused",
            summary: "Seeding is for the embedded server and for databases marked as staging. Nothing was changed.",
            remedy: remedy,
            failureClass: .refused,
            findings: signs.map { Finding(code: $0.code, severity: .error, message: $0.sentence) })
    }

    static func unfit(_ findings: [Finding]) -> SeedError {
        guard findings.count == 1, let only = findings.first else {
            return SeedError(
                code: "seed.schema-differs",
                summary: "The schema is not the one that is seeded: \(findings.count) problems. Nothing was changed.",
                remedy: Remedy("Apply the migrations first.", command: "wheels-db migrate up"), findings: findings)
        }
        return SeedError(
            code: only.code, summary: "\(only.message) Nothing was changed.", remedy: only.remedy, findings: findings)
    }

    static func tooLarge(_ plan: SeedPlan) -> SeedError {
        func megabytes(_ bytes: Int64) -> String { "\((bytes + 500_000) / 1_000_000) MB" }
        return SeedError(
            code: "seed.too-large",
            summary: "Scale \(plan.scale.factor) would make the database \(megabytes(plan.totalBytes)): "
                + "\(megabytes(plan.databaseBytes)) now and about \(megabytes(plan.addedBytes)) more, and it may take "
                + "\(megabytes(plan.limitBytes)). Nothing was changed.",
            remedy: Remedy("Take a smaller --scale, or say what the plan allows with --plan-size."),
            failureClass: .outOfSpace)
    }

    static func locked(by holder: String?) -> SeedError {
        SeedError(
            code: "seed.locked",
            summary: "Another run of seeding holds the lock\(holder.map { ": \($0)" } ?? "; it ended just now").",
            remedy: Remedy("Wait for it to end, then run again."), failureClass: .locked)
    }

    static func mayNotReplicate(role: String) -> SeedError {
        SeedError(
            code: "seed.role",
            summary:
                "The role \(role) may not set session_replication_role, without which triggers would change the rows.",
            remedy: Remedy("Connect as the role that owns the tables (on Supabase: postgres)."),
            failureClass: .permission)
    }

    static let noCrypt = SeedError(
        code: "seed.no-pgcrypto",
        summary: "The extension pgcrypto is not installed, so no password can be made that the auth server accepts.",
        remedy: Remedy("Install it: create extension pgcrypto with schema extensions"))

    static func password(_ what: String) -> SeedError {
        SeedError(
            code: "seed.password", summary: "WHEELS_SEED_PASSWORD \(what). Nothing was changed.",
            remedy: Remedy("Set one of 6 to 72 bytes, or none: then one is made and shown."), failureClass: .usage)
    }

    static func failed(_ doing: String, _ error: PostgresError) -> SeedError {
        SeedError(
            code: "seed.failed", summary: "\(doing): \(error.summary) Nothing was changed.",
            remedy: error.sqlState == .uniqueViolation
                ? Remedy("A row that seeding did not make has the same key. Change or remove that row, then run again.")
                : error.remedy,
            failureClass: error.failureClass, underlying: error)
    }

    /// Runs a body and says of a server's error what was being done.
    static func explaining<Value>(_ doing: String, _ body: () async throws -> Value) async throws -> Value {
        do {
            return try await body()
        } catch let error as PostgresError where error.kind == .server {
            throw failed(doing, error)
        }
    }

    static func sequenceInRange(_ sequence: String, _ value: Int64) -> SeedError {
        SeedError(
            code: "seed.sequence-in-range",
            summary: "The sequence \(sequence) stands at \(value), within the numbers that seeding keeps for itself "
                + "(\(SeedIdentity.firstNumber) to \(SeedIdentity.lastNumber)): rows of others may be among them. "
                + "Nothing was changed.",
            remedy: Remedy("Find out who moved the sequence; then set it before or after the range."),
            failureClass: .refused)
    }

    static func orphans(_ findings: [Finding]) -> SeedError {
        SeedError(
            code: "seed.orphans", summary: "Seeded rows would refer to rows that are not there. Nothing was changed.",
            remedy: Remedy("This is a fault of the seed, or rows were removed meanwhile; run again."),
            failureClass: .dataDiffers, findings: findings)
    }

    static func dependents(_ findings: [Finding], command: String) -> SeedError {
        SeedError(
            code: "seed.dependents",
            summary: "Rows that seeding did not make refer to rows that would be removed. Nothing was changed.",
            remedy: Remedy("If they may go as well, repeat it with --cascade.", command: command),
            failureClass: .refused, findings: findings)
    }
}
