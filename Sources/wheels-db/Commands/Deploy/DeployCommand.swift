import ArgumentParser
import Diagnostics
import PostgresClient

/// The command `wheels-db deploy`: everything that makes a database what the files say, then the checks that it is.
struct Deploy: WheelsCommand {
    static let configuration = CommandConfiguration(
        commandName: "deploy",
        abstract: "Apply migrations and policies, then check models, access and health.",
        discussion: HelpText.discussion(
            "The stages, in order:\n"
                + DeployStage.allCases.map { "  \($0.rawValue): \($0.purpose)" }.joined(separator: "\n")
                + "\n\nThe first failure ends the run, says what is applied, and leaves the rest undone. Safe to repeat: "
                + "what is applied is not applied twice.",
            examples: "wheels-db deploy --env staging", "wheels-db deploy --env production --dry-run",
            "wheels-db deploy --env production --confirm abcdefghijklmnopqrst"
        )
    )
    static let words = "deploy"

    /// The folders a deploy reads.
    struct Folders: ParsableArguments, Sendable {
        @Option(help: ArgumentHelp("The folder of the migrations.", valueName: "dir"))
        var migrations = "migrations"

        @Option(help: ArgumentHelp("The folder of the policy files and matrix.md.", valueName: "dir"))
        var policies = "policies"

        @Option(
            help: ArgumentHelp("The folder of the Swift models; not checked when it is not there.", valueName: "dir"))
        var models = "Sources/DataModels/Tables"
    }

    @OptionGroup var folders: Folders
    @OptionGroup var repository: RepositoryOptions
    @Flag(help: "Show what would be done, and end with 2 when something speaks against it.") var dryRun = false
    @Flag(help: "Make no backup of a protected environment first.") var noBackup = false
    @OptionGroup var global: GlobalOptions

    struct Document: Encodable {
        let stages: [DeployLog.Entry]
        let changes: [String]
    }

    func run(in context: CommandContext) async throws {
        let target = try context.target(for: dryRun ? .reads : .writes, localServer: context.localSettings)
        let stages = try await DeployStages(deploy: self, context: context, target: target)
        var log = DeployLog()
        try await log.run(.plan) { try await stages.plan(&$0) }
        if dryRun { return try context.report.result(document(log), text: log.table) }
        try context.permitChange(of: target, isDestructive: false)
        do {
            try await log.run(.backup) { try await stages.backup(&$0) }
            try await log.run(.migrate) { try await stages.migrate(&$0) }
            try await log.run(.policies) { try await stages.policies(&$0) }
            try await log.run(.models) { try await stages.models(&$0) }
            try await log.run(.matrix) { try await stages.matrix(&$0) }
            try await log.run(.health) { try await stages.health(&$0) }
        } catch {
            context.report.note(log.table)
            throw error
        }
        try context.report.result(document(log), text: log.table)
    }

    private func document(_ log: DeployLog) -> Document { Document(stages: log.entries, changes: log.changes.all) }
}
