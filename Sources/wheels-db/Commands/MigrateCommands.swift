import ArgumentParser
import Diagnostics
import LocalPostgres
import Migrations
import PostgresClient

/// The group `wheels-db migrate`.
struct Migrate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Apply the files of migrations/, each once and whole.",
        discussion: HelpText.discussion(
            examples: "wheels-db migrate status", "wheels-db migrate up --env staging"
        ),
        subcommands: [Status.self, Plan.self, Up.self, New.self]
    )

    /// Where the files are.
    struct Folder: ParsableArguments, Sendable {
        @Option(help: ArgumentHelp("The folder of the migrations.", valueName: "dir"))
        var migrations = "migrations"

        func read(in context: CommandContext) throws -> MigrationFolder {
            try MigrationFolder.read(migrations)
        }
    }

    struct Entry: Encodable {
        let version: String
        let name: String
        let state: String
    }

    struct PlanDocument: Encodable {
        let migrations: [Entry]
        let pending: Int
        let findings: [Finding]
    }

    /// Shows what is applied.
    struct Status: WheelsCommand {
        static let configuration = CommandConfiguration(
            commandName: "status",
            abstract: "Show which files are applied.",
            discussion: HelpText.discussion(examples: "wheels-db migrate status --exit-code")
        )
        static let words = "migrate status"
        @OptionGroup var folder: Folder
        @Flag(help: "End with 2 when a file is pending or something is wrong.") var exitCode = false
        @OptionGroup var global: GlobalOptions

        func run(in context: CommandContext) async throws {
            let plan = try await Migrate.plan(folder, in: context)
            try Migrate.show(plan, in: context)
            let isWrong = plan.findings.contains { $0.severity > .note }
            if exitCode, !plan.steps.isEmpty || isWrong { throw ExitCode(ExitStatus.findings.rawValue) }
        }
    }

    /// Shows what `up` would do.
    struct Plan: WheelsCommand {
        static let configuration = CommandConfiguration(
            commandName: "plan",
            abstract: "Show what `migrate up` would do; ends with 2 when it would refuse.",
            discussion: HelpText.discussion(examples: "wheels-db migrate plan --env production")
        )
        static let words = "migrate plan"
        @OptionGroup var folder: Folder
        @OptionGroup var global: GlobalOptions

        func run(in context: CommandContext) async throws {
            let plan = try await Migrate.plan(folder, in: context)
            try Migrate.show(plan, in: context)
            if !plan.obstacles.isEmpty { throw ExitCode(ExitStatus.findings.rawValue) }
        }
    }

    /// Applies pending files.
    struct Up: WheelsCommand {
        static let configuration = CommandConfiguration(
            commandName: "up",
            abstract: "Apply the pending files, one transaction each.",
            discussion: HelpText.discussion(
                "A file that fails leaves nothing behind; the files before it stay applied.",
                examples: "wheels-db migrate up", "wheels-db migrate up --env production --confirm abcdefghij"
            )
        )
        static let words = "migrate up"
        @OptionGroup var folder: Folder
        @Flag(help: "Apply files that are older than the newest applied one too.") var includeOutOfOrder = false
        @OptionGroup var global: GlobalOptions

        struct Document: Encodable {
            let applied: [String]
            let seconds: Double
        }

        func run(in context: CommandContext) async throws {
            let folder = try folder.read(in: context)
            let target = try context.target(for: .writes, localServer: context.localSettings)
            try context.permitChange(of: target, isDestructive: false)
            var options = MigrationOptions(toolVersion: WheelsDB.version)
            options.includesOutOfOrder = includeOutOfOrder
            let settings = try await context.migrationSettings(of: target)
            let report = context.report
            let runner = MigrationRunner(settings: settings, options: options) { Migrate.tell($0, report) }
            let result = try await runner.up(folder)
            for finding in result.findings { report.finding(finding) }
            let document = Document(
                applied: result.applied.map(\.description),
                seconds: result.duration / .seconds(1)
            )
            let text =
                result.applied.isEmpty
                ? (folder.files.isEmpty ? "\(folder.path) holds no migrations." : "Nothing to apply.")
                : "\(Migrate.migrations(result.applied.count)) applied in \(HumanUnits.duration(result.duration))."
            try report.result(document, text: text)
        }
    }

    /// Makes a new file.
    struct New: WheelsCommand {
        static let configuration = CommandConfiguration(
            commandName: "new",
            abstract: "Make the next migration file.",
            discussion: HelpText.discussion(examples: "wheels-db migrate new \"add trip notes\"")
        )
        static let words = "migrate new"
        @Argument(help: "What the migration does.") var name: String
        @OptionGroup var folder: Folder
        @OptionGroup var global: GlobalOptions

        func run(in context: CommandContext) async throws {
            let path = try NewMigration.create(name, in: folder.migrations)
            try context.report.result(["file": path], text: path)
        }
    }

    /// Tells what happens in a run.
    static func tell(_ event: MigrationEvent, _ report: Reporter) {
        switch event {
        case .planned(let count): report.detail("\(migrations(count)) to apply")
        case .started(let file): report.detail("applying \(file)")
        case .blocked(let file, let blockers):
            report.note("\(file) waits: \(blockers.map(\.description).joined(separator: "; "))")
        case .retrying(let file, let failures, _):
            report.note("\(file) was rolled back and is tried again: attempt \(failures + 1)")
        case .notice(let notice): report.detail("\(notice.severity): \(notice.message)")
        case .applied(let file, let duration): report.note("applied \(file) in \(HumanUnits.duration(duration))")
        }
    }

    /// "1 migration", "2 migrations".
    static func migrations(_ count: Int) -> String { count == 1 ? "1 migration" : "\(count) migrations" }

    static func plan(_ folder: Folder, in context: CommandContext) async throws -> MigrationPlan {
        let folder = try folder.read(in: context)
        let target = try context.target(for: .reads, localServer: context.localSettings)
        let options = MigrationOptions(toolVersion: WheelsDB.version)
        return try await MigrationRunner(settings: context.settings(of: target), options: options).plan(folder)
    }

    static func show(_ plan: MigrationPlan, in context: CommandContext) throws {
        var table = TextTable(.text("version"), .text("name"), .text("state"))
        for entry in plan.entries { table.add(entry.fileName.version, entry.fileName.name, entry.state.words) }
        let document = PlanDocument(
            migrations: plan.entries.map {
                Entry(version: $0.fileName.version, name: $0.fileName.name, state: $0.state.rawValue)
            },
            pending: plan.steps.count,
            findings: plan.findings
        )
        for finding in plan.findings where !context.options.json { context.report.finding(finding) }
        let text = plan.entries.isEmpty ? "No migrations: neither files nor rows of the ledger." : table.text
        try context.report.result(document, text: text + (plan.entries.isEmpty ? "" : "\(plan.steps.count) pending"))
    }
}

extension MigrationPlan.State {
    /// The state as a person reads it.
    fileprivate var words: String {
        switch self {
        case .missingFile: "applied, file missing"
        case .outOfOrder: "pending, out of order"
        case .edited: "applied, edited since"
        case .reformatted: "applied, layout changed"
        case .applied, .pending: rawValue
        }
    }
}

extension CommandContext {
    /// Where the embedded server is, when it runs: the place that its URL names, so that the URL is recognised.
    var localSettings: ConnectionSettings? { (try? localCluster.runningServer())?.tcpSettings() }

    /// Where migrations run: a pooler in transaction mode is refused before anything happens.
    func migrationSettings(of target: DatabaseTarget) async throws -> ConnectionSettings {
        let settings = settings(of: target)
        let probe = try await Session.connect(to: settings, applicationName: "wheels-db/probe", retry: retry)
        let mode = try await PoolerProbe.mode(of: probe)
        await probe.close()
        guard mode != .transaction else { throw TransactionPoolerError(activity: "A migration", settings: settings) }
        return settings
    }
}
