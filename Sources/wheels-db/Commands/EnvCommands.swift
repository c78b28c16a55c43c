import ArgumentParser

/// The group `wheels-db env`.
struct EnvGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "env",
        abstract: "The environments of a project: their variables and what they are.",
        discussion: HelpText.discussion(examples: "wheels-db env mark staging --env staging"),
        subcommands: [EnvMark.self]
    )
}
