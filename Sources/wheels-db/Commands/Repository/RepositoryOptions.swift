import ArchiveRepository
import ArgumentParser
import Diagnostics
import Foundation
import LogicalBackup
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
        return place.contains("://") ? place : context.environment.absolutePath(place)
    }

    func open(in context: CommandContext) throws -> Repository {
        let repository = try Repository.openWithoutMarker(in: try Self.store(at: location(in: context), context))
        if let damage = repository.markerDamage { context.report.finding(damage.finding) }
        return repository
    }

    /// The store that a location means.
    static func store(at location: String, _ context: CommandContext) throws -> any BlobStore {
        var retry = ArchiveRepository.RetryPolicy.standard
        if let limit = context.options.waitTimeout { retry.limit = limit }
        return try BlobStores.open(
            location: location,
            environment: context.environment.variables,
            userAgent: "wheels-db/\(WheelsDB.version)",
            retry: retry
        )
    }

    /// A secret by value or by file, from the command line or the environment.
    private func secret(_ file: String?, _ variable: String, in context: CommandContext) throws -> String? {
        if let file { return try SecretFile.read(context.environment.absolutePath(file)) }
        if let value = context.environment[variable] { return value }
        guard let file = context.environment["\(variable)_FILE"] else { return nil }
        return try SecretFile.read(context.environment.absolutePath(file))
    }

    func passphrase(in context: CommandContext) throws -> Passphrase? {
        try secret(passphraseFile, "WHEELS_PASSPHRASE", in: context).map { Passphrase(fileText: $0) }
    }

    private func identities(in context: CommandContext) throws -> [AgeIdentity]? {
        try secret(identity, "WHEELS_IDENTITY", in: context).map {
            try AgeIdentity.identities(inFile: $0, name: identity ?? "WHEELS_IDENTITY")
        }
    }

    /// What was given to open the repository with.
    func opener(in context: CommandContext) throws -> KeyOpener? {
        if let passphrase = try passphrase(in: context) { return .passphrase(passphrase) }
        return try identities(in: context).map(KeyOpener.identities)
    }

    /// The right to read rows.
    func reader(_ repository: Repository, in context: CommandContext) throws -> ReaderAccess {
        if let opener = try opener(in: context) { return try repository.reader(opener) }
        throw CommandError(
            "repository.identity-missing",
            "Reading rows takes the identity of the repository, and none was given.",
            remedy: Remedy("Give --identity FILE, or set WHEELS_IDENTITY_FILE (or WHEELS_PASSPHRASE_FILE).")
        )
    }

    /// The right to make backups: by the writer key, else by whoever can open the repository, else by new keys.
    func writer(_ repository: Repository, in context: CommandContext) throws -> WriterAccess {
        if let key = try knownWriterKey(of: repository, in: context) { return try repository.writer(key: key) }
        if let opener = try opener(in: context) { return try repository.reader(opener).writer() }
        let (generation, holders) = try repository.newGeneration(
            passphrase: nil,
            trusted: try context.configuration()?.recipients ?? []
        )
        let access = try repository.writer(key: generation.writerKey)
        let kept = try? keep(generation.writerKey, of: repository, in: context)
        context.report.note(
            "No writer key was found: this run makes new keys, and reads everything. The backup can be opened by "
                + "\(holders.joined(separator: ", ")): check that these are yours."
                + (kept.map { " The new writer key is in \($0)." }
                    ?? " It could not be kept: see --writer-key.")
        )
        return access
    }

    /// Whoever may open manifests here: the reader, or else the writer.
    func documents(_ repository: Repository, in context: CommandContext) throws -> any DocumentAccess {
        if let opener = try opener(in: context) { return try repository.reader(opener) }
        if let key = try knownWriterKey(of: repository, in: context) { return try repository.writer(key: key) }
        return try reader(repository, in: context)
    }

    /// Keeps a new writer key in the user's settings, for the next run.
    private func keep(_ key: WriterKey, of repository: Repository, in context: CommandContext) throws -> String {
        let folder = context.environment.settingsDirectory
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let path = "\(folder)/\(repository.config.id)-\(try key.fingerprint).writer-key"
        try SecretFile.write(key.secretText, to: path)
        KnownRepositories(context.environment).remember(path, for: repository.config.id)
        return path
    }

    private func knownWriterKey(of repository: Repository, in context: CommandContext) throws -> WriterKey? {
        if let text = try secret(writerKey, "WHEELS_WRITER_KEY", in: context) { return try WriterKey(text: text) }
        var places = [identity, context.environment["WHEELS_IDENTITY_FILE"]].compactMap(\.self).map {
            "\($0).writer-key"
        }
        let known = KnownRepositories(context.environment)
        if let file = known.writerKeyFile(of: repository.config.id) { places.append(file) }
        // The name of a repository whose description was lost is not known; its keys tell which it is.
        if repository.markerDamage != nil { places += try known.writerKeyFiles(of: repository.keyRing) }
        for place in places.map(context.environment.absolutePath) where FileManager.default.fileExists(atPath: place) {
            return try WriterKey(text: try SecretFile.read(place))
        }
        return nil
    }
}

/// Remembers, per user, where the writer key of a repository is: the path, never the key.
struct KnownRepositories {
    private let path: String

    init(_ environment: ProcessEnvironment) { path = environment.settingsDirectory + "/repositories.json" }

    func writerKeyFile(of id: String) -> String? { read()[id] }

    /// The files whose keys are among those of a repository.
    func writerKeyFiles(of ring: KeyRing) throws -> [String] {
        let generations = Set(try ring.entries().map(\.generation))
        return read().values.sorted().filter { file in
            guard let key = try? WriterKey(text: SecretFile.read(file)), let name = try? key.fingerprint else {
                return false
            }
            return generations.contains(name.description)
        }
    }

    /// Remembers a path; a home that cannot be written is no error, for the key can be named each time.
    func remember(_ file: String, for id: String) {
        var known = read()
        known[id] = file
        guard let data = try? JSONEncoder().encode(known) else { return }
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try? data.write(to: URL(fileURLWithPath: path), options: .atomic)
    }

    private func read() -> [String: String] {
        guard let data = FileManager.default.contents(atPath: path) else { return [:] }
        return (try? JSONDecoder().decode([String: String].self, from: data)) ?? [:]
    }
}
