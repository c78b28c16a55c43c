import ArchiveRepository
import ArgumentParser
import Diagnostics
import Foundation
import OffPool
import SealedStreams

/// Where backups are, and the keys to them.
struct RepositoryOptions: ParsableArguments, Sendable {
    @Option(
        help: ArgumentHelp(
            "The backup repository: a folder, or s3://bucket/prefix. Also WHEELS_REPOSITORY.", valueName: "place")
    )
    var repository: String?

    @Option(
        help: ArgumentHelp("The age identity that opens rows. Also WHEELS_IDENTITY(_FILE).", valueName: "file")
    )
    var identity: String?

    @Option(
        help: ArgumentHelp("The passphrase's file. Also WHEELS_PASSPHRASE(_FILE).", valueName: "file")
    )
    var passphraseFile: String?

    @Option(
        help: ArgumentHelp("The writer key's file. Also WHEELS_WRITER_KEY(_FILE).", valueName: "file")
    )
    var writerKey: String?

    func location(in context: CommandContext) throws -> String {
        let configured = try context.configuration()?.repository
        guard let place = repository ?? context.environment["WHEELS_REPOSITORY"] ?? configured else {
            throw CommandError(
                "repository.missing",
                "No backup repository was named.",
                remedy: Remedy("Give --repository DIR or s3://bucket/prefix, or set WHEELS_REPOSITORY.")
            )
        }
        return try Self.location(place, in: context)
    }

    /// A place as a store takes it: an address, or an absolute path.
    static func location(_ place: String, in context: CommandContext) throws -> String {
        guard !place.allSatisfy(\.isWhitespace) else {
            throw CommandError(
                "repository.missing",
                "The place of the repository is empty.",
                remedy: Remedy("Give --repository DIR or s3://bucket/prefix; in a script, check the variable in it.")
            )
        }
        return place.contains("://") ? place : context.environment.absolutePath(place)
    }

    func open(in context: CommandContext) async throws -> Repository {
        let store = try Self.store(at: location(in: context), context)
        let repository = try await offPool { try Repository.openWithoutMarker(in: store) }
        if let damage = repository.markerDamage { context.report.finding(damage.finding) }
        return repository
    }

    /// The store that a location means.
    static func store(at location: String, _ context: CommandContext) throws -> any BlobStore {
        var retry = ArchiveRepository.RetryPolicy.standard
        if let limit = context.options.waitTimeout { retry.limit = limit }
        return try context.world.openStore(location, context.environment.variables, retry)
    }

    /// A secret by value or by file, from the command line or the environment, and where it came from.
    func secret(
        _ file: String?,
        _ variable: String,
        expecting expected: String,
        in context: CommandContext
    ) throws -> (text: String, source: String)? {
        if file == nil, let value = context.environment[variable] { return (value, variable) }
        guard let file = file ?? context.environment["\(variable)_FILE"] else { return nil }
        let path = context.environment.absolutePath(file)
        return (try context.secrets.text(of: path, expecting: expected), file)
    }

    func passphrase(in context: CommandContext) throws -> Passphrase? {
        let expected = "a passphrase in its first line"
        return try secret(passphraseFile, "WHEELS_PASSPHRASE", expecting: expected, in: context).map { text, source in
            let passphrase = Passphrase(fileText: text)
            guard !passphrase.isEmpty else {
                throw CommandError(
                    "repository.empty-passphrase",
                    "\(source) is empty; it should hold \(expected).",
                    failureClass: .wrongKey)
            }
            return passphrase
        }
    }

    /// What was given to open the repository with.
    func opener(in context: CommandContext) throws -> KeyOpener? {
        if let passphrase = try passphrase(in: context) { return .passphrase(passphrase) }
        let expected = "an age identity (a line AGE-SECRET-KEY-1…)"
        return try secret(identity, "WHEELS_IDENTITY", expecting: expected, in: context).map {
            .identities(try AgeIdentity.identities(inFile: $0.text, name: $0.source))
        }
    }

    /// The right to read rows.
    func reader(_ repository: Repository, in context: CommandContext) async throws -> ReaderAccess {
        if let opener = try opener(in: context) { return try await offPool { try repository.reader(opener) } }
        throw CommandError(
            "repository.identity-missing",
            "Reading rows takes the identity of the repository, and none was given.",
            remedy: Remedy("Give --identity FILE, or set WHEELS_IDENTITY_FILE (or WHEELS_PASSPHRASE_FILE).")
        )
    }

    /// Whoever may open manifests here: the reader, or else the writer.
    func documents(_ repository: Repository, in context: CommandContext) async throws -> any DocumentAccess {
        if try opener(in: context) == nil, let known = try knownWriterKey(of: repository, in: context) {
            return try await known.access(to: repository)
        }
        return try await reader(repository, in: context)
    }
}
