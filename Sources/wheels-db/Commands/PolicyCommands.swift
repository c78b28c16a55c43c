import ArgumentParser

/// The group `wheels-db policy`.
struct Policy: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "Row level security and grants: what policies/ says, and what the database allows.",
        discussion: HelpText.discussion(examples: "wheels-db policy lint", "wheels-db policy matrix --check"),
        subcommands: [Lint.self, Matrix.self]
    )
}
