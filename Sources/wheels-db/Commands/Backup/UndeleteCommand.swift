import ArchiveRepository
import ArgumentParser
import OffPool

extension Backup {
    /// Brings a deleted backup back.
    struct Undelete: WheelsCommand {
        static let configuration = CommandConfiguration(
            commandName: "undelete",
            abstract: "Bring a deleted backup back, as long as its grace time lasts.",
            discussion: HelpText.discussion(
                "`backup list --all` shows the deleted ones. A backup that was brought back stays for the grace time; then "
                    + "the rules of the next prune decide about it again.",
                examples: "wheels-db backup undelete 20261123T021500Z-7f3a12 --repository /backups/app"
            )
        )
        static let words = "backup undelete"
        @Argument(help: "A deleted backup, or the beginning of its name.") var backup: String
        @OptionGroup var repository: RepositoryOptions
        @OptionGroup var global: GlobalOptions

        struct Document: Encodable {
            let backup: String
        }

        func run(in context: CommandContext) async throws {
            let place = try await repository.open(in: context)
            let records = try await repository.records(place, in: context)
            let selector = backup
            let id = try await offPool { try UndeleteRun(records: records).undelete(selector) }
            try context.report.result(
                Document(backup: id.description),
                text: "Backup \(id) is back.")
        }
    }
}
