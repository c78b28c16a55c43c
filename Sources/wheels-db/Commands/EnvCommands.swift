import ArgumentParser

/// The group `wheels-db env`.
struct EnvGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "env",
        abstract: "The environments of a project: their variables and what they are.",
        discussion: HelpText.discussion(
            examples: "wheels-db env check --env production", "wheels-db env check --env staging --dotenv .env.staging",
            "wheels-db env mark staging --env staging"
        ),
        subcommands: [EnvCheck.self, EnvRestore.self, EnvMark.self]
    )
}
