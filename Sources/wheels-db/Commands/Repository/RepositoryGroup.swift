import ArgumentParser

/// The group `wheels-db repository`.
struct RepositoryGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repository",
        abstract: "The place where backups are kept, and the keys to it.",
        discussion: HelpText.discussion(
            examples: "wheels-db repository init --repository /backups/app --new-identity ~/app.identity",
            "wheels-db repository keys list --repository /backups/app"
        ),
        subcommands: [Init.self, Check.self, Repair.self, Keys.self]
    )
}
