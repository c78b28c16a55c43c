import ArchiveRepository
import Diagnostics
import LogicalBackup

/// What a drill found, for people and for scripts.
struct DrillDocument: Encodable {
    /// What is recorded; `nil` when there is nothing to record.
    private(set) var record: DrillRecord?
    /// The drill that made this one needless.
    private(set) var skippedSince: DrillRecord?
    private(set) var proof: ProofReport?
    private(set) var findings: [Finding] = []
    /// Recovery targets that the drill missed.
    private(set) var missesTarget = false

    var passed: Bool { record?.passed ?? false }

    /// A drill that says nothing.
    init() {}

    /// A drill that was not made, because another one is young enough.
    init(skippedSince drill: DrillRecord) { skippedSince = drill }

    /// A drill that was made.
    init(record: DrillRecord, report: DrillRun.Report?, targets: RecoveryTargets) {
        self.record = record
        proof = report?.restore.proof
        let missed = [
            Self.missed("recovery.time", "Recovery took", record.recoverySeconds, targets.time),
            Self.missed("recovery.point", "The backup's moment lies back", record.pointSeconds, targets.point),
        ].compactMap(\.self)
        missesTarget = !missed.isEmpty
        findings = (report?.problems ?? []) + missed + (report?.notes ?? [])
    }

    private static func missed(_ key: String, _ what: String, _ seconds: Double, _ target: Duration?) -> Finding? {
        guard let target, seconds > target / .seconds(1) else { return nil }
        return Finding(
            code: "drill.\(key)",
            severity: .error,
            message: "\(what) \(HumanUnits.duration(.seconds(seconds))), more than the \(HumanUnits.span(target)) of"
                + " \(key).",
            remedy: key == "recovery.point"
                ? Remedy("Make backups more often:", command: "wheels-db backup create")
                : Remedy("Look which part took longest, or promise less in wheels-db.yml."))
    }

    /// What it says to people.
    var text: String {
        guard let record else { return "" }
        let rows = HumanUnits.count(Int64(record.rows))
        let asked = record.assertions + record.failedAssertions
        let answers =
            asked == 0
            ? "No assertion was asked: put .sql files into drills."
            : "\(record.assertions) of \(asked) assertions hold."
        let recovery = HumanUnits.duration(.seconds(record.recoverySeconds))
        let point = HumanUnits.duration(.seconds(record.pointSeconds))
        return """
            \(record.passed ? "Passed" : "FAILED"): backup \(record.backup) of \(record.source) was restored into \
            PostgreSQL \(record.server) and proved equal, \(rows) rows.
            Recovery time \(recovery), recovery point \(point) back. \(answers)
            """
    }
}
