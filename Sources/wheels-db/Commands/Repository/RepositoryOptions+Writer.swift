import ArchiveRepository
import Diagnostics
import Foundation
import Glibc
import OffPool
import SealedStreams

/// The right to make backups, and what a person should know of how it came about.
struct WriterRight: Sendable {
    let access: WriterAccess
    var findings: [Finding] = []
}

extension RepositoryOptions {
    /// The right to make backups: by the writer key, else by whoever can open the repository, else by new keys.
    func writer(_ repository: Repository, in context: CommandContext) async throws -> WriterRight {
        if let known = try knownWriterKey(of: repository, in: context) {
            return WriterRight(access: try await known.access(to: repository))
        }
        if let opener = try opener(in: context) {
            return WriterRight(access: try await offPool { try repository.reader(opener).writer() })
        }
        let trusted = try context.configuration()?.recipients ?? []
        let settings = KeptWriterKeys(context.environment)
        return try await offPool { try Self.newKeys(of: repository, trusted: trusted, settings) }
    }

    /// Makes new keys where the writer key is missing, once: keys that cannot be kept are missing the next time too.
    private static func newKeys(
        of repository: Repository,
        trusted: [String],
        _ settings: KeptWriterKeys
    ) throws -> WriterRight {
        let generations = try repository.keyRing.entries().filter { !$0.isRetired }.count
        var kept: Result<String, any Error>?
        let (generation, holders) = try repository.newGeneration(passphrase: nil, trusted: trusted) { generation in
            let result = Result { try settings.keep(generation.writerKey, of: repository) }
            if case .failure(let error) = result, generations > 1 { throw lostAgain(repository, generations, error) }
            kept = result
        }
        if case .success(let path) = kept { settings.known.remember(path, for: repository.config.id) }
        return WriterRight(
            access: try repository.writer(key: generation.writerKey),
            findings: [Finding.newKeys(of: repository, for: holders, kept)])
    }

    private static func lostAgain(_ repository: Repository, _ generations: Int, _ error: any Error) -> CommandError {
        CommandError(
            "repository.writer-key-missing",
            "No writer key was found, and a new one cannot be kept: \(Finding.reason(error)) \(repository.location) has"
                + " \(generations) generations of keys in use already; each run like this would store a full copy more.",
            remedy: Finding.wayOut,
            failureClass: .wrongKey
        )
    }

    /// A writer key that is at hand.
    func knownWriterKey(of repository: Repository, in context: CommandContext) throws -> KnownWriterKey? {
        let expected = "a writer key (a line WHEELS-WRITER-KEY-1:…)"
        if let given = try secret(writerKey, "WHEELS_WRITER_KEY", expecting: expected, in: context) {
            return KnownWriterKey(key: try WriterKey(text: given.text, name: given.source), source: given.source)
        }
        let beside = [identity, context.environment["WHEELS_IDENTITY_FILE"]].compactMap(\.self)
            .map { context.environment.absolutePath("\($0).writer-key") }
        let known = KnownRepositories(context.environment)
        var remembered = [known.writerKeyFile(of: repository.config.id)].compactMap(\.self)
        // The name of a repository whose description was lost is not known; its keys tell which it is.
        if repository.markerDamage != nil { remembered += try known.writerKeyFiles(of: repository.keyRing) }
        for path in beside + remembered.map(context.environment.absolutePath)
        where FileManager.default.fileExists(atPath: path) {
            let text = try context.secrets.text(of: path, expecting: expected)
            let isRemembered = !beside.contains(path)
            return KnownWriterKey(
                key: try WriterKey(text: text, name: path),
                source: path,
                memory: isRemembered ? (known.path, repository.config.id) : nil)
        }
        return nil
    }
}

/// A writer key and where it came from.
struct KnownWriterKey: Sendable {
    let key: WriterKey
    /// The file or the variable.
    let source: String
    /// The file that remembers the source, and the line in it, where nobody named the key.
    var memory: (file: String, line: String)?

    /// The right to write; a foreign key is named with where it came from.
    func access(to repository: Repository) async throws -> WriterAccess {
        let key = key
        do { return try await offPool { try repository.writer(key: key) } } catch let error as RepositoryError
            where error.code == RepositoryError.foreignWriterKey
        {
            var remedy =
                "Give the key that was made with this repository: --writer-key FILE, or WHEELS_WRITER_KEY_FILE."
            if let memory {
                remedy +=
                    " \(source) was taken because \(memory.file) remembers it: remove the entry \"\(memory.line)\""
                    + " there, and the next run makes a new key."
            }
            throw RepositoryError(
                code: error.code,
                summary: "The writer key in \(source) is not one of the repository \(repository.location).",
                remedy: Remedy(remedy),
                failureClass: error.failureClass
            )
        }
    }
}

/// Keeps new writer keys in the user's settings, for the next run.
private struct KeptWriterKeys: Sendable {
    let folder: String
    let known: KnownRepositories

    init(_ environment: ProcessEnvironment) {
        folder = environment.settingsDirectory
        known = KnownRepositories(environment)
    }

    func keep(_ key: WriterKey, of repository: Repository) throws -> String {
        try makeFolder(folder)
        let path = "\(folder)/\(repository.config.id)-\(try key.fingerprint).writer-key"
        try SecretFile.write(key.secretText, to: path)
        return path
    }

    /// Makes a folder and those above it; says which cannot be made, and why.
    private func makeFolder(_ path: String) throws(CommandError) {
        if FileManager.default.fileExists(atPath: path) { return }
        let parent = URL(fileURLWithPath: path).deletingLastPathComponent().path
        if parent != path { try makeFolder(parent) }
        guard unsafe mkdir(path, 0o700) != 0, errno != EEXIST else { return }
        let reason = unsafe String(cString: strerror(errno))
        throw CommandError(
            "settings.folder", "The folder \(path) cannot be made: \(reason).", failureClass: .permission)
    }
}

extension Finding {
    fileprivate static let wayOut = Remedy(
        "Give the key that was made with the repository: --writer-key FILE, or WHEELS_WRITER_KEY_FILE (a job of cron or"
            + " systemd may have no HOME). If it is lost, make a new one where the identity is:",
        command: "wheels-db repository keys rotate --identity FILE --new-writer-key FILE")

    fileprivate static func newKeys(
        of repository: Repository,
        for holders: [String],
        _ kept: Result<String, any Error>?
    ) -> Finding {
        var message =
            "No writer key was found: this run makes new keys, and reads and stores everything. The backup can be"
            + " opened by \(holders.joined(separator: ", ")): check that these are yours."
        switch kept {
        case .success(let path):
            message += " The new writer key is in \(path), and the next run finds it there."
        case .failure(let error):
            message +=
                " The new writer key could not be kept: \(reason(error)) The next run will miss it again, and stop."
        case nil: break
        }
        return Finding(
            code: "backup.new-keys",
            severity: .warning,
            subject: repository.location,
            message: message,
            remedy: wayOut
        )
    }

    /// An error as a sentence.
    fileprivate static func reason(_ error: any Error) -> String {
        if let explained = error as? any ExplainedError { return explained.summary }
        return (error as NSError).localizedDescription
    }
}
