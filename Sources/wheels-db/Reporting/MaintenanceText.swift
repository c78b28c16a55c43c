import Diagnostics
import Maintenance
import Synchronization

/// What maintenance jobs did, for people and scripts.
enum MaintenanceText {
    struct JobDocument: Encodable {
        let job: String
        let outcome: String
        let rows: Int
        let tables: [JobReport.TableCount]
        let weeks: [EngagementWeek]?
        let findings: [Finding]
        let seconds: Double

        init(_ report: JobReport) {
            job = report.job.rawValue
            outcome = report.outcome.rawValue
            rows = report.rows
            tables = report.tables
            weeks = report.job == .engagementWeekly ? report.weeks : nil
            findings = report.findings
            seconds = report.duration / .seconds(1)
        }
    }

    struct Document: Encodable {
        let dryRun: Bool
        let jobs: [JobDocument]
    }

    struct ListEntry: Encodable {
        let job: String
        let period: String
        let summary: String
        let tables: [String]
    }

    /// Shows which jobs there are.
    static func showJobs(in context: CommandContext) throws {
        var table = TextTable(.text("job"), .text("period"), .text("what it does"))
        for job in MaintenanceJob.allCases { table.add(job.rawValue, job.period, job.summary) }
        let entries = MaintenanceJob.allCases.map {
            ListEntry(job: $0.rawValue, period: $0.period, summary: $0.summary, tables: $0.tables)
        }
        try context.report.result(["jobs": entries], text: table.text)
    }

    /// Shows what jobs did.
    static func show(_ reports: [JobReport], isDryRun: Bool, in context: CommandContext) throws {
        let document = Document(dryRun: isDryRun, jobs: reports.map(JobDocument.init))
        var parts: [String] = []
        if reports.contains(where: { $0.job != .engagementWeekly }) {
            parts.append(changes(reports, isDryRun: isDryRun))
        }
        for report in reports where !report.weeks.isEmpty { parts.append(engagement(report.weeks)) }
        try context.report.result(document, text: parts.joined(separator: "\n"))
    }

    private static func changes(_ reports: [JobReport], isDryRun: Bool) -> String {
        var table = TextTable(
            .text("job"), .text("outcome"), .text("table"), .text("action"),
            .number(isDryRun ? "would change" : "rows"), .number("left"))
        for report in reports where report.job != .engagementWeekly {
            if report.tables.isEmpty { table.add(report.job.rawValue, report.outcome.rawValue) }
            for count in report.tables {
                table.add(
                    report.job.rawValue, report.outcome.rawValue, count.table, count.action.rawValue,
                    HumanUnits.count(Int64(count.rows)), count.left == 0 ? "" : HumanUnits.count(Int64(count.left)))
            }
        }
        return table.text
    }

    private static func engagement(_ weeks: [EngagementWeek]) -> String {
        var table = TextTable(
            .text("week"), .number("active"), .number("new"), .number("returning"), .number("retention"),
            .number("messages"), .number("trips"), .number("expenses"), .number("posts"))
        for week in weeks {
            table.add(
                week.week + (week.isRunning ? " …" : ""), String(week.activeUsers), String(week.newUsers),
                String(week.returningUsers), week.retention.map { "\(HumanUnits.fixed($0 * 100, digits: 0)) %" } ?? "-",
                String(week.messages), String(week.trips), String(week.expenses), String(week.posts))
        }
        return table.text
    }
}

/// Tells what happens while jobs run.
final class MaintenanceEvents: Sendable {
    private let report: Reporter
    private let line: Mutex<(key: String, line: ProgressLine)?> = Mutex(nil)

    init(report: Reporter) { self.report = report }

    func tell(_ event: MaintenanceEvent) {
        switch event {
        case .began(let job):
            finish()
            report.detail("\(job.rawValue) begins")
        case .progress(let job, let table, let done, let total):
            progress(job.rawValue, table).update(done: Int64(done), total: Int64(total), subject: table)
        case .retrying(let job, let table, let reason):
            report.note("\(job.rawValue): \(table) is tried again: \(reason)")
        }
    }

    /// Ends the line of progress that is shown.
    func finish() {
        line.withLock { line in
            line?.line.finish()
            line = nil
        }
    }

    private func progress(_ job: String, _ table: String) -> ProgressLine {
        let key = "\(job) \(table)"
        return line.withLock { line in
            if let line, line.key == key { return line.line }
            line?.line.finish()
            let next = report.progress(job, unit: .rows)
            line = (key, next)
            return next
        }
    }
}
