import ArchiveRepository
import ArgumentParser
import Diagnostics
import LogicalBackup
import OffPool
import ProjectHealth

/// Writes the environment variables of a backup into a file.
struct EnvRestore: WheelsCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Write the variables that a backup holds into a .env file; no value is ever printed.",
        discussion: HelpText.discussion(
            """
            Values are in a backup when backup create was told to take them (--with-values, --dotenv). They open with the \
            identity alone. The file is new and for its user only (mode 0600); one that is there is not touched (19).
            """,
            examples: "wheels-db env restore latest --to .env.production --identity app.identity"
        )
    )
    static let words = "env restore"
    @Argument(help: "A backup, the beginning of its name, or latest.") var backup = "latest"
    @Option(help: ArgumentHelp("The file to write.", valueName: "file")) var to: String
    @OptionGroup var repository: RepositoryOptions
    @OptionGroup var global: GlobalOptions

    struct Document: Encodable {
        let backup: String
        let file: String
        let names: [String]
    }

    func run(in context: CommandContext) async throws {
        let place = try await repository.open(in: context)
        let reader = try await repository.reader(place, in: context)
        let (selector, path) = (backup, context.environment.absolutePath(to))
        let (manifest, names) = try await offPool {
            let manifest = try BackupCatalog(repository: place, access: reader).manifest(selector)
            guard let environment = manifest.environment else {
                throw CommandError(
                    "env.not-in-backup", "Backup \(manifest.backup) holds no values of variables.",
                    remedy: Remedy("Take them into the next one:", command: "wheels-db backup create --with-values"),
                    failureClass: .notFound)
            }
            let values = try environment.open(of: manifest.backup, by: reader)
            try SecretFile.write(DotenvFile.text(of: values), to: path)
            return (manifest, environment.names)
        }
        try context.report.result(
            Document(backup: manifest.backup, file: path, names: names),
            text: "Wrote \(names.count) variables of backup \(manifest.backup) to \(path).")
    }
}
