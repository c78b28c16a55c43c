import ArchiveRepository
import Diagnostics
import Foundation

/// What a prune planned and did, as `--json` prints it.
struct PruneDocument: Encodable {
    /// One backup.
    struct Entry: Encodable {
        let backup: String
        let time: Date?
        /// `stays`, `deleted`, `waits`, `removed`, `held` or `aside`.
        let fate: String
        let why: [String]
        let deletedAt: Date?
        let removableAt: Date?
    }

    let dryRun: Bool
    let backups: [Entry]
    let deleted: [String]
    let removed: [String]
    let removedObjects: Int
    let freedBytes: Int
    let findings: [Finding]

    init(_ report: PruneReport) {
        let plan = report.plan
        dryRun = report.isDryRun
        backups = plan.backups.map { Entry($0, policy: plan.policy) }
        deleted = plan.deletions.map(\.description)
        removed = plan.manifests.map(\.description)
        removedObjects = report.removedObjects
        freedBytes = plan.freedBytes
        findings = plan.findings
    }
}

extension PruneDocument.Entry {
    init(_ planned: PrunePlan.Backup, policy: RetentionPolicy) {
        backup = planned.id.description
        time = planned.time
        var since: Date?
        var until: Date?
        switch planned.fate {
        case .stays(let reasons):
            fate = "stays"
            why = reasons.isEmpty ? ["no rules were given"] : reasons.map { $0.text(under: policy) }
        case .goes:
            fate = "deleted"
            why = ["no rule keeps it, or it was chosen"]
        case .waits(let deletedAt, let removableAt):
            fate = "waits"
            why = ["deleted, and can be brought back"]
            since = deletedAt
            until = removableAt
        case .removed(let deletedAt):
            fate = "removed"
            why = ["deleted, and its grace time is over"]
            since = deletedAt
        case .held(let reason):
            fate = "held"
            why = [reason]
        case .aside(let reason):
            fate = "aside"
            why = [reason]
        }
        deletedAt = since
        removableAt = until
    }
}

/// What a prune planned and did, for people.
struct PruneText {
    private let report: PruneReport
    private let explains: Bool

    init(_ report: PruneReport, explains: Bool) {
        self.report = report
        self.explains = explains
    }

    var text: String {
        let plan = report.plan
        var text = explains ? table : ""
        let would = report.isDryRun ? "would be " : ""
        let staying = plan.backups.count - plan.deletions.count - plan.manifests.count
        text += "\(plan.deletions.count) \(would)deleted, \(plan.manifests.count) \(would)removed"
        text += " with \(HumanUnits.counted(plan.objects.count, "object"))"
        text += " (\(HumanUnits.bytes(Int64(plan.freedBytes)))); \(staying) of"
        text += " \(HumanUnits.counted(plan.backups.count, "backup")) stay as they are.\n"
        if !report.isDryRun, let first = plan.deletions.first {
            let time = plan.grace > .zero ? "For \(HumanUnits.span(plan.grace))" : "Until the next prune"
            text += "\(time) a deleted backup can be brought back: wheels-db backup undelete \(first)\n"
        }
        return text
    }

    private var table: String {
        var table = TextTable(.text("backup"), .text("of"), .text("fate"), .text("why"))
        for backup in report.plan.backups {
            let entry = PruneDocument.Entry(backup, policy: report.plan.policy)
            let until = entry.removableAt.map { " until \($0.formatted(.iso8601))" } ?? ""
            table.add(
                entry.backup,
                entry.time?.formatted(.iso8601) ?? "unknown",
                entry.fate,
                entry.why.joined(separator: ", ") + until
            )
        }
        return table.text + "\n"
    }
}
