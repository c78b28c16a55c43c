import ArchiveRepository
import ArgumentParser
import Diagnostics
import Foundation
import SealedStreams

/// The group `wheels-db repository`.
struct RepositoryGroup: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repository",
        abstract: "The place where backups are kept.",
        discussion: HelpText.discussion(
            examples: "wheels-db repository init --repository /backups/app --new-identity ~/app.identity"
        ),
        subcommands: [Init.self]
    )

    /// Makes a repository.
    struct Init: WheelsCommand {
        static let configuration = CommandConfiguration(
            commandName: "init",
            abstract: "Make a repository and the keys to it.",
            discussion: HelpText.discussion(
                "Rows are sealed for the recipients; only their identities open them. Keep the identity elsewhere.",
                examples: "wheels-db repository init --repository /backups/app --new-identity ~/app.identity",
                "wheels-db repository init --repository /backups/app --recipient age1… --writer-key /etc/app.writer-key"
            )
        )
        static let words = "repository init"
        @Option(help: ArgumentHelp("Where; a missing or an empty folder.", valueName: "dir")) var repository: String
        @Option(help: ArgumentHelp("Make an identity and write it to this file.", valueName: "file"))
        var newIdentity: String?
        @Option(help: ArgumentHelp("Seal for this age recipient; may be given again.", valueName: "age1…"))
        var recipient: [String] = []
        @Option(help: ArgumentHelp("Protect by the passphrase in this file.", valueName: "file"))
        var passphraseFile: String?
        @Option(help: ArgumentHelp("Where to write the writer key.", valueName: "file")) var writerKey: String?
        @OptionGroup var global: GlobalOptions

        struct Document: Encodable {
            let repository: String
            let id: String
            let recipients: [String]
            let identityFile: String?
            let writerKeyFile: String?
        }

        func validate() throws {
            let ways = [newIdentity != nil, !recipient.isEmpty, passphraseFile != nil].filter(\.self).count
            guard ways == 1 else {
                throw ValidationError("Give one of --new-identity FILE, --recipient age1… and --passphrase-file FILE.")
            }
        }

        func run(in context: CommandContext) async throws {
            let place = repository.contains("://") ? repository : context.environment.absolutePath(repository)
            let key = try WriterKey()
            let identityFile = newIdentity.map(context.environment.absolutePath)
            let keyFile = (writerKey ?? newIdentity.map { $0 + ".writer-key" }).map(context.environment.absolutePath)
            // The keys are written first: a repository that nobody has the keys to must not exist.
            var written: [String] = []
            let made: Repository
            do {
                let protection = try protection(in: context, identityFile: identityFile, written: &written)
                if let keyFile {
                    try SecretFile.write(key.secretText, to: keyFile)
                    written.append(keyFile)
                }
                made = try Repository.create(at: place, protection: protection, writerKey: key)
            } catch {
                for file in written { try? FileManager.default.removeItem(atPath: file) }
                throw error
            }
            if let keyFile { KnownRepositories(context.environment).remember(keyFile, for: made.config.id) }
            let document = Document(
                repository: place,
                id: made.config.id,
                recipients: made.config.recipients,
                identityFile: identityFile,
                writerKeyFile: keyFile
            )
            try context.report.result(document, text: Self.card(document, usesPassphrase: made.config.usesPassphrase))
        }

        /// Who will be able to open the repository; a new identity is written to its file.
        private func protection(
            in context: CommandContext,
            identityFile: String?,
            written: inout [String]
        ) throws -> RepositoryProtection {
            if let passphraseFile {
                let text = try SecretFile.read(context.environment.absolutePath(passphraseFile))
                return .passphrase(Passphrase(fileText: text))
            }
            guard let identityFile else { return .recipients(try recipient.map { try AgeRecipient($0) }) }
            let identity = try AgeIdentity()
            try SecretFile.write(identity.secretFileText(created: Date.now.formatted(.iso8601)), to: identityFile)
            written.append(identityFile)
            return .recipients([identity.recipient])
        }

        /// The recovery card: what a person needs on the worst day, on one page.
        private static func card(_ made: Document, usesPassphrase: Bool) -> String {
            let key =
                usesPassphrase
                ? "the passphrase"
                : made.identityFile.map { "the identity in \($0)" } ?? "the identity of the recipient"
            let flag = usesPassphrase ? "--passphrase-file FILE" : "--identity \(made.identityFile ?? "FILE")"
            return """
                RECOVERY CARD: print it, and keep it and the key away from this machine
                  repository  \(made.repository)  (id \(made.id))
                  opened by   \(key)
                  recipients  \(made.recipients.isEmpty ? "none" : made.recipients.joined(separator: ", "))
                  writer key  \(made.writerKeyFile ?? "not written to a file; each machine makes its own")

                  back up     wheels-db backup create --repository \(made.repository) --database-url URL
                  restore     wheels-db restore run latest --repository \(made.repository) \(flag) --database-url TARGET --yes

                Without \(key) nobody can open these backups, and nobody can help you.
                """
        }
    }
}
