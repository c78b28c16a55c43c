import ArchiveRepository
import ArgumentParser
import Diagnostics
import Foundation
import LogicalBackup

/// The group `wheels-db restore`.
struct Restore: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Bring a backup back, and prove it.",
        discussion: HelpText.discussion(
            examples: "wheels-db restore plan latest --repository /backups/app --identity app.identity --env recovery"
        ),
        subcommands: [Plan.self, Run.self]
    )

    struct PlanDocument: Encodable {
        let backup: String
        let rows: Int
        let items: [RestorePlan.Item]
        let findings: [Finding]
    }

    /// Shows what a restore would do.
    struct Plan: WheelsCommand {
        static let configuration = CommandConfiguration(
            commandName: "plan",
            abstract: "Show what a restore would do; touches nothing. Ends with 2 when it would refuse.",
            discussion: HelpText.discussion(
                examples:
                    "wheels-db restore plan latest --repository /backups/app --identity app.identity --database-url URL"
            )
        )
        static let words = "restore plan"
        @Argument(help: "A backup, the beginning of its name, or latest.") var backup = "latest"
        @OptionGroup var repository: RepositoryOptions
        @Option(name: .customLong("table"), help: "Only the rows of this table; may be given again.")
        var tables: [String] = []
        @OptionGroup var global: GlobalOptions

        func run(in context: CommandContext) async throws {
            let place = try await repository.open(in: context)
            let reader = try await repository.reader(place, in: context)
            let manifest = try BackupCatalog(repository: place, access: reader).manifest(backup)
            let target = try context.target(for: .reads, localServer: context.localSettings)
            let options = RestoreOptions(
                tables: tables.isEmpty ? nil : tables,
                retry: context.retry,
                environment: context.environment.variables,
                toolVersion: WheelsDB.version
            )
            let plan = try await RestoreRun(settings: context.settings(of: target), reader: reader, options: options)
                .plan(manifest)
            context.report.findings(plan.findings)
            let document = PlanDocument(
                backup: manifest.backup,
                rows: plan.rows,
                items: plan.items,
                findings: plan.findings
            )
            let text = RestorePlanText(plan: plan)
            try context.report.result(document, text: global.verbose ? text.full : text.short)
            if plan.isRefused { throw ExitCode(ExitStatus.findings.rawValue) }
        }
    }

    /// Restores a backup.
    struct Run: WheelsCommand {
        static let configuration = CommandConfiguration(
            commandName: "run",
            abstract: "Restore a backup into an empty database or a fresh project, and prove it equal.",
            discussion: HelpText.discussion(
                "API roles see nothing until everything is proved. Ends with 18 when something differs.",
                examples:
                    "wheels-db restore run latest --repository /backups/app --identity app.identity --database-url URL --yes"
            )
        )
        static let words = "restore run"
        @Argument(help: "A backup, the beginning of its name, or latest.") var backup = "latest"
        @OptionGroup var repository: RepositoryOptions
        @Option(help: "Sessions that load rows at the same time.") var jobs = 2
        @Flag(help: "Do not compare the restored database with the backup.") var noProof = false
        @Option(name: .customLong("table"), help: "Only the rows of this table; may be given again.")
        var tables: [String] = []
        @OptionGroup var global: GlobalOptions

        struct Document: Encodable {
            let backup: String
            let tables: Int
            let rows: Int
            let seconds: Double
            let proof: ProofReport?
            let warnings: [Finding]
        }

        func validate() throws {
            guard (1...32).contains(jobs) else { throw ValidationError("--jobs takes a number from 1 to 32.") }
        }

        func run(in context: CommandContext) async throws {
            let place = try await repository.open(in: context)
            let reader = try await repository.reader(place, in: context)
            let manifest = try BackupCatalog(repository: place, access: reader).manifest(backup)
            let target = try context.target(for: .writes, localServer: context.localSettings)
            try context.permitChange(of: target, isDestructive: true)
            let options = RestoreOptions(
                jobs: jobs,
                proves: !noProof,
                tables: tables.isEmpty ? nil : tables,
                retry: context.retry,
                environment: context.environment.variables,
                toolVersion: WheelsDB.version
            )
            let run = RestoreRun(
                settings: context.settings(of: target),
                reader: reader,
                options: options,
                onProgress: context.progressHandler()
            )
            let report = try await run.run(manifest)
            let document = Document(
                backup: report.backup,
                tables: report.tables,
                rows: report.rows,
                seconds: report.seconds,
                proof: report.proof,
                warnings: report.warnings
            )
            for warning in report.warnings { context.report.finding(warning) }
            try context.report.result(document, text: Self.text(report))
        }

        static func text(_ report: RestoreReport) -> String {
            let head =
                "Restored \(report.backup): \(HumanUnits.count(Int64(report.rows))) rows of \(report.tables) tables in "
                + "\(HumanUnits.fixed(report.seconds, digits: 1)) s."
            let stay = "objects stay as they are; wheels-db restore plan --verbose names them and says why."
            let kept = report.kept.isEmpty ? "" : "\n\(report.kept.count) \(stay)"
            guard let proof = report.proof else { return head + kept + "\nNot proved: --no-proof was given." }
            return head + kept + """

                Proved: rows and contents of \(proof.tables) tables, \(proof.foreignKeys) foreign keys, \
                \(proof.accessLists) access lists, \(proof.sequences) sequences are those of the backup.
                """
        }
    }
}
