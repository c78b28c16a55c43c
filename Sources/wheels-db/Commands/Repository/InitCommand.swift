import ArchiveRepository
import ArgumentParser
import Diagnostics
import Foundation
import OffPool
import SealedStreams

extension RepositoryGroup {
    /// Makes a repository.
    struct Init: WheelsCommand {
        static let configuration = CommandConfiguration(
            commandName: "init",
            abstract: "Make a repository and the keys to it.",
            discussion: HelpText.discussion(
                "Rows are sealed for the holders named here; only their identities (or the passphrase) open them. Keep "
                    + "the identity elsewhere. More than one holder is wise: one of them may lose a laptop.",
                examples: "wheels-db repository init --repository /backups/app --new-identity ~/app.identity",
                "wheels-db repository init --repository /backups/app --recipient age1… --writer-key /etc/app.writer-key"
            )
        )
        static let words = "repository init"
        @Option(
            help: ArgumentHelp("Where: a missing or an empty folder, or s3://bucket/prefix.", valueName: "place")
        )
        var repository: String
        @Option(help: ArgumentHelp("Make an identity and write it to this file.", valueName: "file"))
        var newIdentity: String?
        @Option(help: ArgumentHelp("Seal for this age recipient; may be given again.", valueName: "age1…"))
        var recipient: [String] = []
        @Option(help: ArgumentHelp("Let the passphrase in this file open it.", valueName: "file"))
        var passphraseFile: String?
        @Option(help: ArgumentHelp("Where to write the writer key.", valueName: "file")) var writerKey: String?
        @OptionGroup var global: GlobalOptions

        struct Document: Encodable {
            let repository: String
            let id: String
            let holders: [String]
            let identityFile: String?
            let writerKeyFile: String?
        }

        func validate() throws {
            guard newIdentity != nil || !recipient.isEmpty || passphraseFile != nil else {
                throw ValidationError(
                    "Give at least one of --new-identity FILE, --recipient age1… and --passphrase-file FILE.")
            }
        }

        func run(in context: CommandContext) async throws {
            let place = try RepositoryOptions.location(repository, in: context)
            let store = try RepositoryOptions.store(at: place, context)
            let identityFile = newIdentity.map(context.environment.absolutePath)
            let keyFile = (writerKey ?? newIdentity.map { $0 + ".writer-key" }).map(context.environment.absolutePath)
            let given = try holders(in: context)
            let made = try await offPool {
                // A place that is taken is told before any key is written.
                try Repository.requireVacant(store)
                var files = NewKeyFiles()
                do {
                    let generation = try KeyGeneration()
                    let new = try identityFile.map { [KeyHolder.recipient(try files.writeIdentity(to: $0))] } ?? []
                    if let keyFile { try files.write(generation.writerKey, to: keyFile) }
                    // The keys are written first: a repository that nobody has the keys to must not exist.
                    return try Repository.create(in: store, holders: new + given, generation: generation)
                } catch {
                    files.remove()
                    throw error
                }
            }
            if let keyFile { KnownRepositories(context.environment).remember(keyFile, for: made.config.id) }
            let document = Document(
                repository: place,
                id: made.config.id,
                holders: try await offPool { try made.holderNames() },
                identityFile: identityFile,
                writerKeyFile: keyFile
            )
            let card = RecoveryCard(
                repository: place,
                id: made.config.id,
                holders: document.holders,
                identityFile: identityFile,
                writerKeyFile: keyFile
            )
            try context.report.result(document, text: card.text)
        }

        /// Who will be able to open the repository, beside a new identity.
        private func holders(in context: CommandContext) throws -> [KeyHolder] {
            var holders: [KeyHolder] = try recipient.map { .recipient(try AgeRecipient($0)) }
            if let passphraseFile {
                let path = context.environment.absolutePath(passphraseFile)
                let text = try context.secrets.text(of: path, expecting: "a passphrase in its first line")
                holders.append(.passphrase(Passphrase(fileText: text)))
            }
            return holders
        }
    }
}
