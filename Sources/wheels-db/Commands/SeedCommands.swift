import ArgumentParser
import Diagnostics
import PostgresClient
import Seeding

/// The group `wheels-db seed`.
struct Seed: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "seed",
        abstract: "Fill the tables of staging with rows of the app's own kind, the same ones everywhere.",
        discussion: HelpText.discussion(
            "Only the embedded server and databases marked by `env mark staging` are seeded.",
            examples: "wheels-db seed plan --scale 10", "wheels-db seed apply --scale 10 --env staging"
        ),
        subcommands: [Plan.self, Apply.self, Clear.self]
    )

    /// How much, and how much the database may take.
    struct Amount: ParsableArguments, Sendable {
        @Option(help: ArgumentHelp("How much: 25 users and all they own for each step.", valueName: "n"))
        var scale = 1

        @Option(
            help: ArgumentHelp("The most that the database may take, such as 8GB.", valueName: "size"),
            transform: {
                guard let size = ByteSizeText.parse($0) else {
                    throw ValidationError("Write a number and MB or GB, such as 500MB.")
                }
                return size
            }
        )
        var planSize = ByteSize(bytes: 500_000_000)

        func validate() throws {
            guard (1...SeedScale.largest).contains(scale) else {
                throw ValidationError("--scale is a number from 1 to \(SeedScale.largest).")
            }
        }

        var options: SeedOptions {
            var options = SeedOptions(scale: SeedScale(scale))
            options.limitBytes = planSize.bytes
            return options
        }
    }

    /// Shows what `apply` would write.
    struct Plan: WheelsCommand {
        static let configuration = CommandConfiguration(
            commandName: "plan",
            abstract: "Show what `seed apply` would write and whether it fits; ends with 2 when it would refuse.",
            discussion: HelpText.discussion(examples: "wheels-db seed plan --scale 10 --env staging")
        )
        static let words = "seed plan"
        @OptionGroup var amount: Amount
        @OptionGroup var global: GlobalOptions

        func run(in context: CommandContext) async throws {
            let target = try context.target(for: .reads, localServer: context.localSettings)
            var options = amount.options
            options.place = context.place(of: target)
            let plan = try await SeedRunner(
                settings: context.settings(of: target), options: options, retry: context.retry
            ).plan()
            let text = SeedPlanText(plan: plan, place: options.place)
            if !context.options.json { for finding in text.findings { context.report.finding(finding) } }
            try context.report.result(text.document, text: text.text)
            if text.findings.contains(where: { $0.severity > .note }) { throw ExitCode(ExitStatus.findings.rawValue) }
        }
    }

    /// Writes the rows.
    struct Apply: WheelsCommand {
        static let configuration = CommandConfiguration(
            commandName: "apply",
            abstract: "Write the rows of a scale, in one transaction; a second run changes nothing.",
            discussion: HelpText.discussion(
                "The accounts can sign in with WHEELS_SEED_PASSWORD, or with a password that is made and shown once. Rows "
                    + "that seeding did not make stay as they are.",
                examples: "wheels-db seed apply --env staging", "wheels-db seed apply --scale 5 --prune --env staging"
            )
        )
        static let words = "seed apply"
        @OptionGroup var amount: Amount
        @Flag(help: "Remove seeded rows that the scale does not have.") var prune = false
        @Flag(help: "With --prune: remove rows of others that refer to removed ones too.") var cascade = false
        @OptionGroup var people: RealUsersOption
        @OptionGroup var global: GlobalOptions

        func validate() throws {
            if cascade, !prune { throw ValidationError("--cascade belongs to --prune.") }
        }

        func run(in context: CommandContext) async throws {
            let target = try context.target(for: .writes, localServer: context.localSettings)
            // A protected environment is refused by the guard whatever is typed, so nobody is asked to type its name.
            if !target.isProtected { try context.permitChange(of: target, isDestructive: prune) }
            var options = amount.options
            options.prunes = prune
            options.removesDependents = cascade
            options.password = context.environment["WHEELS_SEED_PASSWORD"]
            options.place = context.place(of: target)
            options.allowsRealUsers = try people.isConfirmed(for: target, in: context)
            let progress = context.report.progress("seed", unit: .rows)
            let runner = SeedRunner(
                settings: context.settings(of: target), options: options, retry: context.retry
            ) { event in
                switch event {
                case .wrote(let rows, let total, let table):
                    progress.update(done: Int64(rows), total: Int64(total), subject: table)
                case .proving(let keys): context.report.detail("proving \(keys) foreign keys")
                case .pruning(let table): context.report.detail("removing rows of \(table)")
                }
            }
            defer { progress.finish() }
            let report = try await runner.apply()
            progress.finish()
            let text = SeedReportText(report: report, scale: options.scale)
            try context.report.result(text.document, text: text.text)
        }
    }

    /// Removes the rows.
    struct Clear: WheelsCommand {
        static let configuration = CommandConfiguration(
            commandName: "clear",
            abstract: "Remove every row that seeding made, and nothing else.",
            discussion: HelpText.discussion(
                "Rows that seeding did not make and that refer to seeded ones stop it, unless --cascade lets them go as "
                    + "well. The database needs no mark: this is also how a mistake is undone.",
                examples: "wheels-db seed clear --env staging --yes"
            )
        )
        static let words = "seed clear"
        @Flag(help: "Remove rows of others that refer to seeded ones too.") var cascade = false
        @OptionGroup var global: GlobalOptions

        func run(in context: CommandContext) async throws {
            let target = try context.target(for: .writes, localServer: context.localSettings)
            try context.permitChange(of: target, isDestructive: true)
            var options = SeedOptions(scale: SeedScale(1))
            options.removesDependents = cascade
            options.place = context.place(of: target)
            let report = try await SeedRunner(
                settings: context.settings(of: target), options: options, retry: context.retry
            ).clear()
            if !context.options.json { for finding in report.findings { context.report.finding(finding) } }
            let text = SeedRemovalText(report: report)
            try context.report.result(text.document, text: text.text)
        }
    }
}

extension CommandContext {
    /// What the command line knows about a database, for the guard of seeding.
    func place(of target: DatabaseTarget) -> SeedOptions.Place {
        var place = SeedOptions.Place()
        place.isEmbedded =
            localSettings.map { local in
                local.host == target.settings.host && local.port == target.settings.port
                    && target.settings.keywords["hostaddr"] == nil
            } ?? false
        place.protectedEnvironment = target.isProtected ? target.environmentName ?? "?" : nil
        place.ref = target.ref
        place.environment = target.environmentName
        place.name = target.confirmationWord
        return place
    }
}
