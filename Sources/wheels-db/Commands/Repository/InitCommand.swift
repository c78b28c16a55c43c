import ArchiveRepository
import ArgumentParser
import Diagnostics
import Foundation
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
            let place = repository.contains("://") ? repository : context.environment.absolutePath(repository)
            let store = try RepositoryOptions.store(at: place, context)
            let generation = try KeyGeneration()
            let identityFile = newIdentity.map(context.environment.absolutePath)
            let keyFile = (writerKey ?? newIdentity.map { $0 + ".writer-key" }).map(context.environment.absolutePath)
            // The keys are written first: a repository that nobody has the keys to must not exist.
            var written: [String] = []
            let made: Repository
            do {
                let holders = try holders(in: context, identityFile: identityFile, written: &written)
                if let keyFile {
                    try SecretFile.write(generation.writerKey.secretText, to: keyFile)
                    written.append(keyFile)
                }
                made = try Repository.create(in: store, holders: holders, generation: generation)
            } catch {
                for file in written { try? FileManager.default.removeItem(atPath: file) }
                throw error
            }
            if let keyFile { KnownRepositories(context.environment).remember(keyFile, for: made.config.id) }
            let document = Document(
                repository: place,
                id: made.config.id,
                holders: try made.holderNames(),
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

        /// Who will be able to open the repository; a new identity is written to its file.
        private func holders(
            in context: CommandContext,
            identityFile: String?,
            written: inout [String]
        ) throws -> [KeyHolder] {
            var holders: [KeyHolder] = try recipient.map { .recipient(try AgeRecipient($0)) }
            if let passphraseFile {
                let text = try SecretFile.read(context.environment.absolutePath(passphraseFile))
                holders.append(.passphrase(Passphrase(fileText: text)))
            }
            guard let identityFile else { return holders }
            let identity = try AgeIdentity()
            try SecretFile.write(identity.secretFileText(created: Date.now.formatted(.iso8601)), to: identityFile)
            written.append(identityFile)
            return [.recipient(identity.recipient)] + holders
        }
    }
}

/// What a person needs on the worst day, on one page.
struct RecoveryCard {
    let repository: String
    let id: String
    let holders: [String]
    let identityFile: String?
    let writerKeyFile: String?

    private var hasPassphrase: Bool { holders.contains("passphrase") }
    private var recipients: [String] { holders.filter { $0 != "passphrase" } }

    /// What opens the repository, in words.
    private var key: String {
        var ways: [String] = []
        if let identityFile { ways.append("the identity in \(identityFile)") }
        if identityFile == nil, !recipients.isEmpty { ways.append("the identity of a recipient") }
        if hasPassphrase { ways.append("the passphrase") }
        return ways.joined(separator: " or ")
    }

    /// The place as a shell wants it.
    private var quoted: String {
        let plain = repository.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "-"),
                UInt8(ascii: "_"), UInt8(ascii: ":"):
                true
            default: false
            }
        }
        return plain ? repository : "'" + repository.replacing("'", with: "'\\''") + "'"
    }

    var text: String {
        let flag =
            identityFile.map { "--identity \($0)" }
            ?? (recipients.isEmpty ? "--passphrase-file FILE" : "--identity FILE")
        let isS3 = repository.hasPrefix("s3://")
        let access = isS3 ? "\n  access      AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY of the bucket" : ""
        return """
            RECOVERY CARD: print it, and keep it and the key away from this machine
              repository  \(repository)  (id \(id))\(access)
              opened by   \(key)
              recipients  \(recipients.isEmpty ? "none" : recipients.joined(separator: ", "))
              writer key  \(writerKeyFile ?? "not written to a file; the first backup makes one")

              back up     wheels-db backup create --repository \(quoted) --database-url URL
              restore     wheels-db restore run latest --repository \(quoted) \(flag) --database-url TARGET --yes

            Without \(key) nobody can open these backups, and nobody can help you.
            """
    }
}
