import ArgumentParser
import Diagnostics
import Maintenance
import PostgresClient

/// Runs the jobs that keep the database small, true and watched.
struct Maintain: WheelsCommand {
    static let configuration = CommandConfiguration(
        commandName: "maintain",
        abstract: "Run maintenance jobs: clean-up, trials, usage by day, health, engagement.",
        discussion: HelpText.discussion(
            """
            JOBS
            \(MaintenanceJob.allCases.map { "  \($0.rawValue) (\($0.period))\n      \($0.summary)" }.joined(separator: "\n"))

            Rows are changed in batches, each a short transaction; rows that other sessions hold are left for the next
            run. Two runs of one job exclude each other (11). A job that fails does not keep the others from running.
            """,
            examples: "wheels-db maintain list", "wheels-db maintain cleanup_expired expire_trials --dry-run",
            "wheels-db maintain --all --env production --confirm abcdefghij"
        )
    )
    static let words = "maintain"
    @Argument(help: "The jobs, in order; or list, which shows them.") var jobs: [String] = []
    @Flag(help: "Run every job.") var all = false
    @Flag(help: "Count what would be changed, and change nothing.") var dryRun = false
    @Option(help: ArgumentHelp("How many rows one transaction changes.", valueName: "rows")) var batchSize = 1_000
    @Option(help: ArgumentHelp("Change at most so many rows in each job.", valueName: "rows")) var maxRows: Int?
    @Option(
        help: ArgumentHelp("Begin no batch of a job after so long, such as 5m.", valueName: "time"),
        transform: {
            guard let duration = DurationText.parse($0) else {
                throw ValidationError("Write a number and s, m or h, such as 5m.")
            }
            return duration
        })
    var maxDuration: Duration?
    @Option(help: ArgumentHelp("How many weeks engagement_weekly reports.", valueName: "weeks")) var weeks = 8
    @Option(help: ArgumentHelp("The time that counts as now, on a server of this machine.", visibility: .hidden))
    var now: String?
    @OptionGroup var sources: HealthSources
    @OptionGroup var global: GlobalOptions

    func validate() throws {
        guard (1...100_000).contains(batchSize) else { throw ValidationError("--batch-size takes 1 to 100000.") }
        guard (1...260).contains(weeks) else { throw ValidationError("--weeks takes 1 to 260.") }
        if let maxRows, maxRows < 1 { throw ValidationError("--max-rows takes at least 1.") }
        if jobs.isEmpty, !all {
            throw ValidationError("Name a job, or give --all. wheels-db maintain list shows them.")
        }
        if !jobs.isEmpty, all { throw ValidationError("--all and names of jobs exclude each other.") }
    }

    func run(in context: CommandContext) async throws {
        if jobs == ["list"] { return try MaintenanceText.showJobs(in: context) }
        let chosen = try chosenJobs()
        let target = try context.target(for: .writes, localServer: context.localSettings)
        if now != nil, !target.isLoopback {
            throw CommandError(
                "maintenance.now", "--now moves the time by which rows expire, and this server is not on this machine.",
                failureClass: .refused)
        }
        if !dryRun, chosen != [.engagementWeekly] { try context.permitChange(of: target, isDestructive: false) }
        let gathering = try sources.gathering(target, in: context)
        let events = MaintenanceEvents(report: context.report)
        let runner = MaintenanceRunner(
            settings: gathering.settings, options: options, health: { await gathering.tests() },
            onEvent: { events.tell($0) })
        let reports = try await runner.run(chosen, retry: context.retry)
        events.finish()
        for finding in reports.flatMap(\.findings) { context.report.finding(finding) }
        try MaintenanceText.show(reports, isDryRun: dryRun, in: context)
        let outcomes = Set(reports.map(\.outcome))
        if outcomes.contains(.failed) { throw ExitCode(ExitStatus.failure.rawValue) }
        if outcomes.contains(.locked) { throw ExitCode(ExitStatus.locked.rawValue) }
    }

    private var options: MaintenanceOptions {
        var options = MaintenanceOptions()
        options.isDryRun = dryRun
        options.batchSize = batchSize
        options.maximumRows = maxRows
        options.maximumDuration = maxDuration
        options.weeks = weeks
        options.now = now
        return options
    }

    private func chosenJobs() throws(CommandError) -> [MaintenanceJob] {
        if all { return MaintenanceJob.allCases }
        let known = MaintenanceJob.allCases.map(\.rawValue)
        var chosen: [MaintenanceJob] = []
        for name in jobs {
            guard let job = MaintenanceJob(rawValue: name) else {
                let nearest = NearestName.match(for: name, among: known).map { Remedy("Did you mean \"\($0)\"?") }
                throw CommandError(
                    "maintenance.unknown-job", "There is no job \"\(name)\".",
                    remedy: nearest ?? Remedy("See them:", command: "wheels-db maintain list"))
            }
            if !chosen.contains(job) { chosen.append(job) }
        }
        return chosen
    }
}
