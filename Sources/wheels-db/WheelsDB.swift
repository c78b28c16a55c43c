import ArgumentParser
import Glibc

/// The root of the command line.
@main
struct WheelsDB: ParsableCommand {
    /// The version of the tool.
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "wheels-db",
        abstract: "The data layer of a Supabase project: migrations, policies, pools, seeds, backup and restore.",
        discussion: HelpText.discussion(),
        version: version,
        subcommands: [
            Local.self,
            Migrate.self,
            Policy.self,
            Models.self,
            Seed.self,
            Deploy.self,
            Pool.self,
            ProjectStatus.self,
            Health.self,
            EnvGroup.self,
            Maintain.self,
            RepositoryGroup.self,
            Backup.self,
            Restore.self,
            Demo.self,
        ]
    )

    /// Runs the command line and ends the process with its exit code.
    static func main() async {
        let runner = CommandRunner(environment: .current(), console: .standard)
        let interruption = Interruption()
        let arguments = Array(CommandLine.arguments.dropFirst())
        let task = Task { await runner.run(arguments) { interruption.isRequested } }
        let signals = interruption.cancel(task)
        let code = await task.value
        withExtendedLifetime(signals) {}
        Glibc.exit(code)
    }
}
