import ArgumentParser
import Diagnostics
import PoolChecks
import PostgresClient

/// The group `wheels-db pool`.
struct Pool: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pool",
        abstract: "See who holds the database's connections, and whether the declared pools fit.",
        discussion: HelpText.discussion(examples: "wheels-db pool check", "wheels-db pool budget"),
        subcommands: [Check.self, Budget.self]
    )

    /// Says whether the declared pools fit.
    struct Budget: WheelsCommand {
        static let configuration = CommandConfiguration(
            commandName: "budget",
            abstract: "Add up the pools of wheels-db.yml; ends with 2 when they are more than fits.",
            discussion: HelpText.discussion(
                """
                No database is asked. Every pool counts with instances × processes × (size + overflow), steadily and while \
                a rolling deploy runs old and new instances side by side, beside what Supabase itself needs. When that is \
                too much, the smallest change that fits is shown: the fewest pools, and of them as little as possible.
                """,
                examples: "wheels-db pool budget", "wheels-db pool budget --sql | wheels-db local psql"
            )
        )
        static let words = "pool budget"
        @Flag(help: "Print only the ALTER ROLE … CONNECTION LIMIT statements that enforce the budget.") var sql = false
        @OptionGroup var global: GlobalOptions

        func run(in context: CommandContext) async throws {
            guard let configuration = try context.configuration() else {
                throw CommandError(
                    "config.missing", "There is no wheels-db.yml here, and the budget is what it declares.",
                    remedy: Remedy("Write one after Examples/wheels-db.yml, or name it with --config."))
            }
            let budget = PoolBudget(configuration)
            let report = budget.report()
            let limits = report.canFit ? ConnectionLimits(budget.applying(report)) : nil
            let document = BudgetDocument(report, limits: limits)
            if sql, !global.json {
                guard let limits else {
                    throw CommandError(
                        "budget.impossible",
                        "No pool sizes fit, so no CONNECTION LIMIT can keep every service running.",
                        remedy: Remedy("See what would help:", command: "wheels-db pool budget"),
                        failureClass: .findings)
                }
                try context.report.data(limits.script)
            } else {
                try context.report.result(document, text: BudgetText(report: report, limits: limits).text)
            }
            if !report.fits { throw ExitCode(ExitStatus.findings.rawValue) }
        }
    }
}
