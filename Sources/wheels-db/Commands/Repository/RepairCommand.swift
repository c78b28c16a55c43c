import ArchiveRepository
import ArgumentParser
import Diagnostics
import OffPool

extension RepositoryGroup {
    /// Writes again what a repository can do without.
    struct Repair: WheelsCommand {
        static let configuration = CommandConfiguration(
            commandName: "repair",
            abstract: "Write wheels-db-repository.json again, where it is missing or damaged.",
            discussion: HelpText.discussion(
                """
                The file says that the place is a repository; there is no key in it, and backups are read without it. A \
                damaged one is deleted, which takes the right to. Nothing else is changed: damaged objects are made good by \
                a full backup.
                """,
                examples: "wheels-db repository repair --repository /backups/app"
            )
        )
        static let words = "repository repair"
        @OptionGroup var repository: RepositoryOptions
        @OptionGroup var global: GlobalOptions

        struct Document: Encodable {
            let repository: String
            let id: String
            let repaired: Bool
        }

        func run(in context: CommandContext) async throws {
            let location = try repository.location(in: context)
            let store = try RepositoryOptions.store(at: location, context)
            let place = try await offPool { try Repository.openWithoutMarker(in: store) }
            let repaired = try await offPool { try place.repairMarker() }
            try context.report.result(
                Document(repository: location, id: place.config.id, repaired: repaired),
                text: repaired
                    ? "wheels-db-repository.json of \(location) was written again."
                    : "wheels-db-repository.json of \(location) is as it should be."
            )
        }
    }
}
