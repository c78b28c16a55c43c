import ArgumentParser
import BuildInformation
import Glibc
import LogicalBackup
import PostgresClient
import SQLText
import SealedStreams

/// The root of the command line.
@main
struct WheelsDB: ParsableCommand {
    /// The version of the tool.
    static let version = "0.1.0"

    /// The tool, what it reads and writes, and the libraries that run: what a report of a problem needs.
    static var versions: String {
        """
        wheels-db \(version), commit \(BuildInformation.commit)
        archive format \(BackupManifest.currentFormat)
        grammar of PostgreSQL \(Grammar.version)
        libpq \(ClientLibrary.version), zstd \(LibraryVersions.zstd), OpenSSL \(LibraryVersions.openSSL)
        """
    }

    static let configuration = CommandConfiguration(
        commandName: "wheels-db",
        abstract: "The data layer of a Supabase project: migrations, policies, pools, seeds, backup and restore.",
        discussion: HelpText.discussion(),
        version: versions,
        subcommands: [
            Local.self,
            Migrate.self,
            Policy.self,
            Models.self,
            Seed.self,
            Deploy.self,
            Pool.self,
            ProjectInit.self,
            Doctor.self,
            ProjectStatus.self,
            Health.self,
            EnvGroup.self,
            Maintain.self,
            RepositoryGroup.self,
            Backup.self,
            Restore.self,
            Drill.self,
            Demo.self,
            Manual.self,
        ]
    )

    /// Runs the command line and ends the process with its exit code.
    static func main() async {
        guard unsafe access("/proc/self/cmdline", R_OK) == 0 else {
            // The Swift runtime takes the arguments from there, and sees none without it.
            Console.standard.writeError("error: /proc is not mounted here.\n  → mount -t proc proc /proc\n")
            Glibc.exit(ExitStatus.failure.rawValue)
        }
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
