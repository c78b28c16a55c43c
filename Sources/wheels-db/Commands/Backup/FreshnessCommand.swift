import ArchiveRepository
import ArgumentParser
import Diagnostics
import Foundation
import LogicalBackup
import OffPool

extension Backup {
    /// Says whether there is a recent backup, for cron and monitors.
    struct Check: RepositoryCommand {
        static let configuration = CommandConfiguration(
            commandName: "check",
            abstract: "Say whether each database has a recent backup, its objects all there; for cron and monitors.",
            discussion: HelpText.discussion(
                """
                Reads manifests and compares names and lengths of objects; takes the writer key or the identity. Prints one \
                line as Nagios takes it. Ends with 0 when the newest backup of every database is young enough, 2 when one is \
                too old or missing, 13 when an object is missing or has another length, 16 when a newer wheels-db wrote some of it, 14 when the store cannot be reached. \
                With --max-drill-age the last drill that passed has to be young enough too; where recovery.time stands in \
                wheels-db.yml, the last drill has to have kept it. The time is that of the store, so a wrong clock on this machine does no harm. Run it elsewhere than the \
                backup: a machine that is off makes no backup and sends no mail.
                """,
                examples: "wheels-db backup check --max-age 26h --repository /backups/app",
                "wheels-db backup check --source abcdefghijklmnopqrst --repository s3://backups/app"
            )
        )
        static let words = "backup check"
        /// Drills that are looked at for the last one of each database.
        private static let mostDrills = 200
        @OptionGroup var repository: RepositoryOptions
        @Option(
            help: ArgumentHelp(
                "How old the newest backup may be, by default recovery.point of wheels-db.yml, else 26h.",
                valueName: "time"),
            transform: RetentionOptions.duration)
        var maxAge: Duration?
        @Option(
            help: ArgumentHelp(
                "Look at one database alone: a project's ref, or ref/database as this command prints it.",
                valueName: "name"))
        var source: String?
        @Option(
            help: ArgumentHelp(
                "How old the last drill that passed may be; not looked at unless given.", valueName: "time"),
            transform: RetentionOptions.duration)
        var maxDrillAge: Duration?
        @OptionGroup var global: GlobalOptions
        var isNotified: Bool { true }

        struct Document: Encodable {
            let fresh: Bool
            let maxAge: Double
            let sources: [BackupFreshness.Source]
            let drills: [DrillRecord]
            let backups: Int
            let objects: Int
            let problems: [ObjectProblem]
            let findings: [Finding]
        }

        func run(in context: CommandContext) async throws {
            let limit = try maxAge ?? context.configuration()?.recovery.point ?? .seconds(26 * 3_600)
            let place = try await repository.open(in: context)
            let access = try await repository.documents(place, in: context)
            let (report, manifests, drills) = try await offPool {
                let records = SealedRecords(reading: access)
                var depth = CheckDepth()
                depth.readsCodes = false
                let report = try RepositoryCheck(records: records, index: ManifestIndex(access: access)).run(depth)
                let kept = try BackupCatalog(repository: place, access: access).kept().manifests
                return (report, kept, try DrillLog(records: records).newest(Self.mostDrills))
            }
            let freshness = BackupFreshness(
                manifests, maxAge: limit / .seconds(1), now: report.now, source: source)
            let targets = DrillTargets(
                maxAge: maxDrillAge, time: try context.configuration()?.recovery.time, now: report.now)
            let trials = targets.findings(freshness.sources.map(\.name), drills)
            // What a person should look at is for `repository check`; what cannot be restored is told here too.
            let failure = report.failureClass.flatMap { $0 == .findings ? nil : $0 }
            let findings = freshness.findings + trials + report.findings.filter { $0.severity == .error }
            try context.report.result(
                Document(
                    fresh: freshness.isFresh, maxAge: limit / .seconds(1), sources: freshness.sources,
                    drills: DrillTargets.last(of: freshness.sources.map(\.name), drills), backups: manifests.count,
                    objects: report.objects, problems: report.problems, findings: findings),
                text: Self.line(freshness, failure, limit, trials)
            )
            context.report.findings(findings)
            if let failure { throw ExitCode(ExitStatus(failure).rawValue) }
            if !freshness.isFresh || !trials.isEmpty { throw ExitCode(ExitStatus(.findings).rawValue) }
        }

        /// What a monitor shows.
        private static func line(
            _ freshness: BackupFreshness,
            _ failure: FailureClass?,
            _ limit: Duration,
            _ trials: [Finding]
        ) -> String {
            let isGood = freshness.isFresh && failure == nil && trials.isEmpty
            let parts = freshness.sources.map { source in
                let age = source.age.map { HumanUnits.duration(.seconds($0)) + " old" } ?? "none"
                return "\(source.name) \(age)\(source.isFresh ? "" : " (too old)")"
            }
            let damage = failure.map { "; \(ExitStatus($0).meaning)" } ?? ""
            let what = parts.isEmpty ? "there is no backup" : parts.joined(separator: ", ")
            let drills = trials.map { "; \($0.message)" }.joined()
            return "\(isGood ? "OK" : "CRITICAL"): \(what); at most \(HumanUnits.span(limit))\(damage)\(drills)"
        }
    }
}
