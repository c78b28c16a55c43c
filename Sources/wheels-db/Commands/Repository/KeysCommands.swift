import ArchiveRepository
import ArgumentParser
import Diagnostics
import Foundation
import OffPool
import SealedStreams

extension RepositoryGroup {
    /// The group `wheels-db repository keys`.
    struct Keys: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "keys",
            abstract: "Who can open the backups.",
            discussion: HelpText.discussion(
                "A repository has one generation of keys after another: a writer key for the machine that makes backups, "
                    + "and what opens them, sealed for each holder in a file of their own.",
                examples: "wheels-db repository keys list --repository /backups/app",
                "wheels-db repository keys add age1… --repository /backups/app --identity ~/app.identity"
            ),
            subcommands: [List.self, Add.self, Remove.self, Rotate.self]
        )
    }
}

extension RepositoryGroup.Keys {
    /// Lists generations and holders.
    struct List: WheelsCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "List who can open the backups; takes no key.",
            discussion: HelpText.discussion(examples: "wheels-db repository keys list --repository /backups/app")
        )
        static let words = "repository keys list"
        @OptionGroup var repository: RepositoryOptions
        @OptionGroup var global: GlobalOptions

        struct Document: Encodable {
            struct Generation: Encodable {
                let generation: String
                let holders: [String]
                let retired: Bool
            }
            let generations: [Generation]
        }

        func run(in context: CommandContext) async throws {
            let place = try await repository.open(in: context)
            let entries = try await offPool { try place.keyRing.entries() }
            var table = TextTable(.text("generation"), .text("state"), .text("holder"))
            for entry in entries {
                for (place, holder) in entry.holders.enumerated() {
                    let state = entry.isRetired ? "retired" : "in use"
                    table.add(place == 0 ? entry.generation : "", place == 0 ? state : "", holder)
                }
            }
            let document = Document(
                generations: entries.map {
                    .init(generation: $0.generation, holders: $0.holders, retired: $0.isRetired)
                })
            try context.report.result(document, text: table.text)
        }
    }

    /// Adds a holder.
    struct Add: WheelsCommand {
        static let configuration = CommandConfiguration(
            commandName: "add",
            abstract: "Let another recipient, or a passphrase, open every backup; takes an identity that can.",
            discussion: HelpText.discussion(
                examples: "wheels-db repository keys add age1… --repository /backups/app --identity ~/app.identity",
                "wheels-db repository keys add --new-passphrase-file words.txt --repository /backups/app "
                    + "--identity ~/app.identity"
            )
        )
        static let words = "repository keys add"
        @Argument(help: ArgumentHelp("Age recipients.", valueName: "age1…")) var recipients: [String] = []
        @Option(help: ArgumentHelp("Let the passphrase in this file open it as well.", valueName: "file"))
        var newPassphraseFile: String?
        @OptionGroup var repository: RepositoryOptions
        @OptionGroup var global: GlobalOptions

        func validate() throws {
            guard !recipients.isEmpty || newPassphraseFile != nil else {
                throw ValidationError("Give an age recipient (age1…), or --new-passphrase-file FILE.")
            }
        }

        func run(in context: CommandContext) async throws {
            var holders: [KeyHolder] = try recipients.map { .recipient(try AgeRecipient($0)) }
            if let file = newPassphraseFile {
                let path = context.environment.absolutePath(file)
                let words = try context.secrets.text(of: path, expecting: "a passphrase in its first line")
                let passphrase = Passphrase(fileText: words)
                guard !passphrase.isEmpty else {
                    throw CommandError("repository.empty-passphrase", "The passphrase in \(file) is empty.")
                }
                holders.append(.passphrase(passphrase))
            }
            let place = try await repository.open(in: context)
            let reader = try await repository.reader(place, in: context)
            let new = holders
            let (report, added) = try await offPool {
                let report = try KeyReport(place, opened: reader.generations.count)
                let changes = KeyChanges(reader)
                let added = try changes.alone(command: Self.words) { try new.reduce(0) { try $0 + changes.add($1) } }
                return (try report.finished(), added)
            }
            if added == 0 { context.report.note("They can open everything already; their files were not looked at.") }
            try report.print(context)
        }
    }

    /// Removes a holder.
    struct Remove: WheelsCommand {
        static let configuration = CommandConfiguration(
            commandName: "remove",
            abstract: "Take the keys away from a holder: rotate, then remove their files.",
            discussion: HelpText.discussion(
                "What is backed up from then on is closed to them. What they have copied, or backups and keys that they "
                    + "can still copy from an old state of the store, stay open: no program can take those back. Where a "
                    + "passphrase stays a holder, give it as well (--passphrase-file): the new keys are sealed for it too.",
                examples: "wheels-db repository keys remove age1… --repository /backups/app --identity ~/app.identity "
                    + "--new-writer-key ~/app.writer-key.2"
            )
        )
        static let words = "repository keys remove"
        @Argument(help: ArgumentHelp("A recipient, or the word passphrase.", valueName: "holder")) var holder: String
        @Option(help: ArgumentHelp("Where to write the new writer key.", valueName: "file")) var newWriterKey: String
        @OptionGroup var repository: RepositoryOptions
        @OptionGroup var global: GlobalOptions

        func run(in context: CommandContext) async throws {
            let place = try await repository.open(in: context)
            let reader = try await repository.reader(place, in: context)
            let passphrase = try repository.passphrase(in: context)
            let command = self
            let report = try await offPool {
                let report = try KeyReport(place, opened: reader.generations.count)
                let changes = KeyChanges(reader)
                try changes.alone(command: Self.words) {
                    try command.remove(from: changes, of: place, passphrase, context)
                }
                return try report.finished()
            }
            try report.print(context)
        }

        private func remove(
            from changes: KeyChanges,
            of place: Repository,
            _ passphrase: Passphrase?,
            _ context: CommandContext
        ) throws {
            let names = try changes.holderNames()
            if names.contains(holder) {
                let left = names.filter { $0 != holder }
                guard !left.isEmpty else { throw lastHolder(of: place) }
                let holders = try place.holders(named: left, passphrase: passphrase)
                try NewWriterKey(file: newWriterKey, context).rotate(changes, for: holders, of: place)
            }
            _ = try changes.remove(holder)
        }

        private func lastHolder(of place: Repository) -> CommandError {
            CommandError(
                "keys.last-holder", "\(holder) is the only one who can open \(place.location).",
                remedy: Remedy("Add another holder first: wheels-db repository keys add age1…"),
                failureClass: .refused)
        }
    }

    /// Makes a new generation.
    struct Rotate: WheelsCommand {
        static let configuration = CommandConfiguration(
            commandName: "rotate",
            abstract: "Make new keys for the same holders and retire the old ones; the next backup is a full one.",
            discussion: HelpText.discussion(
                "Older backups stay readable. The machine that makes backups needs the new writer key: with the old one "
                    + "it ends with 12. Where a passphrase is a holder, give it as well (--passphrase-file).",
                examples: "wheels-db repository keys rotate --repository /backups/app --identity ~/app.identity "
                    + "--new-writer-key ~/app.writer-key.2"
            )
        )
        static let words = "repository keys rotate"
        @Option(help: ArgumentHelp("Where to write the new writer key.", valueName: "file")) var newWriterKey: String
        @OptionGroup var repository: RepositoryOptions
        @OptionGroup var global: GlobalOptions

        func run(in context: CommandContext) async throws {
            let place = try await repository.open(in: context)
            let reader = try await repository.reader(place, in: context)
            let passphrase = try repository.passphrase(in: context)
            let key = NewWriterKey(file: newWriterKey, context)
            let report = try await offPool {
                let report = try KeyReport(place, opened: reader.generations.count)
                let changes = KeyChanges(reader)
                try changes.alone(command: Self.words) {
                    let holders = try place.holders(named: try changes.holderNames(), passphrase: passphrase)
                    try key.rotate(changes, for: holders, of: place)
                }
                return try report.finished()
            }
            try report.print(context)
        }
    }
}
