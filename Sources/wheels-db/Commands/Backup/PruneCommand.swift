import ArchiveRepository
import ArgumentParser
import Diagnostics
import Foundation
import LogicalBackup
import OffPool

extension Backup {
    /// Deletes backups by rules.
    struct Prune: RepositoryCommand {
        static let configuration = CommandConfiguration(
            commandName: "prune",
            abstract: "Delete the backups that no rule keeps; they can be brought back for a grace time.",
            discussion: HelpText.discussion(
                """
                Rules add up: a backup stays when any of them keeps it. They can also stand in wheels-db.yml under \
                retention. The newest backup and the newest verified one always stay. Periods are those of UTC. A deleted \
                backup is hidden from the list, and `backup undelete` brings it back; a prune after the grace time removes \
                it and what only it needs. It takes the writer key or the identity, and the right to delete objects for \
                the removal alone.
                """,
                examples: "wheels-db backup prune --keep-daily 7 --keep-weekly 5 --keep-monthly 12 --dry-run --explain",
                "wheels-db backup prune --keep-within 14d --repository /backups/app"
            )
        )
        static let words = "backup prune"
        @OptionGroup var repository: RepositoryOptions
        @OptionGroup var rules: RetentionOptions
        @Option(
            help: ArgumentHelp("How long a deleted backup can be brought back; 0 for no time.", valueName: "time"),
            transform: RetentionOptions.graceTime)
        var grace: Duration = .seconds(7 * 86_400)
        @Option(help: ArgumentHelp("Delete this backup, whatever the rules say; may be given again.", valueName: "id"))
        var delete: [String] = []
        @Flag(help: "Say what would be done, and do nothing.") var dryRun = false
        @Flag(help: "Say for each backup why it stays or goes.") var explain = false
        @OptionGroup var global: GlobalOptions
        var isNotified: Bool { !dryRun }

        func run(in context: CommandContext) async throws {
            let place = try await repository.open(in: context)
            let records = try await repository.records(place, in: context)
            var options = PruneRun.Options(policy: try rules.policy(in: context, orNone: !delete.isEmpty), grace: grace)
            options.chosen = Set(try delete.map(Self.backup))
            options.isDryRun = dryRun
            options.clock = context.world.clock
            let chosen = options
            let progress = context.report.progress("prune", unit: .steps)
            let report = try await offPool {
                try PruneRun(records: records, index: ManifestIndex(access: records.access)).run(chosen) { step in
                    progress.update(done: Int64(step.done), total: Int64(step.total), subject: step.phase)
                }
            }
            progress.finish()
            let document = PruneDocument(report)
            try context.report.result(document, text: PruneText(report, explains: explain).text)
            context.report.findings(report.plan.findings)
            if let failure = report.failureClass { throw ExitCode(ExitStatus(failure).rawValue) }
        }

        private static func backup(_ text: String) throws -> BackupID {
            guard let id = BackupID(text) else {
                throw ValidationError("--delete takes the whole name of a backup, as `backup list` shows it: \(text)")
            }
            return id
        }
    }
}

/// Which backups stay.
struct RetentionOptions: ParsableArguments, Sendable {
    @Option(help: ArgumentHelp("Keep so many of the newest backups.", valueName: "n")) var keepLast: Int?
    @Option(help: ArgumentHelp("Keep the newest of so many hours.", valueName: "n")) var keepHourly: Int?
    @Option(help: ArgumentHelp("Keep the newest of so many days.", valueName: "n")) var keepDaily: Int?
    @Option(help: ArgumentHelp("Keep the newest of so many weeks.", valueName: "n")) var keepWeekly: Int?
    @Option(help: ArgumentHelp("Keep the newest of so many months.", valueName: "n")) var keepMonthly: Int?
    @Option(help: ArgumentHelp("Keep the newest of so many years.", valueName: "n")) var keepYearly: Int?
    @Option(
        help: ArgumentHelp("Keep everything this close to the newest backup, such as 14d.", valueName: "time"),
        transform: duration)
    var keepWithin: Duration?

    static func duration(_ text: String) throws -> Duration {
        guard let duration = DurationText.parse(text) else {
            throw ValidationError("Write a number and s, m, h, d or w, such as 14d.")
        }
        return duration
    }

    /// A time to wait, which may be none: then a number without a unit is clear enough.
    static func graceTime(_ text: String) throws -> Duration { text == "0" ? .zero : try duration(text) }

    private var counts: [Int?] { [keepLast, keepHourly, keepDaily, keepWeekly, keepMonthly, keepYearly] }

    func validate() throws {
        guard counts.allSatisfy({ ($0 ?? 0) >= 0 }) else { throw ValidationError("A number to keep is 0 or more.") }
    }

    /// The rules of the command line; those of the configuration where it has none.
    func policy(in context: CommandContext, orNone: Bool) throws -> RetentionPolicy {
        var policy = RetentionPolicy()
        guard counts.allSatisfy({ $0 == nil }), keepWithin == nil else {
            policy.last = keepLast ?? 0
            policy.hourly = keepHourly ?? 0
            policy.daily = keepDaily ?? 0
            policy.weekly = keepWeekly ?? 0
            policy.monthly = keepMonthly ?? 0
            policy.yearly = keepYearly ?? 0
            policy.within = keepWithin
            return policy
        }
        // Whoever names the backups to delete does not mean the rules as well.
        guard !orNone, let settings = try context.configuration()?.retention else { return policy }
        policy.last = settings.last ?? 0
        policy.hourly = settings.hourly ?? 0
        policy.daily = settings.daily ?? 0
        policy.weekly = settings.weekly ?? 0
        policy.monthly = settings.monthly ?? 0
        policy.yearly = settings.yearly ?? 0
        policy.within = settings.within
        return policy
    }
}
