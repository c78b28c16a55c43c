import ArgumentParser

/// The root of the command line.
@main
struct WheelsDB: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wheels-db",
        abstract: "The data layer of a Supabase project: migrations, policies, pools, seeds, backup and restore."
    )
}
