import ArgumentParser

/// The command `wheels-db demo`: the whole path on servers and folders of its own.
struct Demo: WheelsCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Run the whole path on an embedded server: migrate, load, back up, restore, prove.",
        discussion: HelpText.discussion(
            "Everything happens on a throwaway server and in a temporary folder; both are removed at the end. Last comes"
                + " the restore that lied: what Supabase's guide restores, asked the same questions as what wheels-db"
                + " restores.",
            examples: "wheels-db demo", "wheels-db demo --json"
        )
    )
    static let words = "demo"
    @Option(help: ArgumentHelp("The folder of the migrations.", valueName: "dir")) var migrations = "migrations"
    @Option(help: ArgumentHelp("The folder of the policies.", valueName: "dir")) var policies = "policies"
    @Option(help: ArgumentHelp("SQL that loads rows.", valueName: "file")) var rows = "Examples/demo-rows.sql"
    @OptionGroup var global: GlobalOptions

    struct Document: Encodable, Sendable {
        let steps: [StepLog.Step]
        let restoreThatLied: RestoreComparison
    }

    func run(in context: CommandContext) async throws {
        let document = try await DemoPath.walk(for: self, in: context)
        var table = TextTable(.text("step"), .text("result"), .number("seconds"))
        for step in document.steps { table.add(step.step, step.result, HumanUnits.fixed(step.seconds, digits: 1)) }
        try context.report.result(document, text: table.text + "\n" + document.restoreThatLied.text)
        // A demonstration whose own restore differs has failed; that the other one differs is what it shows.
        if document.restoreThatLied.wrongOfWheelsDb > 0 { throw ExitCode(ExitStatus.dataDiffers.rawValue) }
    }
}
