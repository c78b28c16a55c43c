import ArchiveRepository
import Diagnostics
import Foundation
import OffPool
import SealedStreams

/// What a change of keys says at its end.
struct KeyReport: Sendable {
    private let repository: Repository
    /// Generations that the identity does not open, and so cannot change.
    private let closed: Int
    private var document = Document(holders: [], generations: 0, retired: 0)

    /// Begins before anything is changed.
    init(_ repository: Repository, opened: Int) throws {
        self.repository = repository
        closed = try repository.keyRing.entries().count - opened
    }

    struct Document: Encodable {
        let holders: [String]
        let generations: Int
        let retired: Int
    }

    /// The report with what is there now.
    func finished() throws -> KeyReport {
        let entries = try repository.keyRing.entries()
        var report = self
        report.document = Document(
            holders: try repository.holderNames(),
            generations: entries.count,
            retired: entries.filter(\.isRetired).count
        )
        return report
    }

    func print(_ context: CommandContext) throws {
        if closed > 0 {
            let words = closed == 1 ? "1 generation of keys is" : "\(closed) generations of keys are"
            context.report.note("\(words) not open to this identity; nothing was changed there.")
        }
        try context.report.result(
            document,
            text: "Backups from now on are open to \(document.holders.joined(separator: ", "))."
        )
    }
}

/// The file of a new writer key.
struct NewWriterKey: Sendable {
    private let path: String
    private let known: KnownRepositories

    init(file: String, _ context: CommandContext) {
        path = context.environment.absolutePath(file)
        known = KnownRepositories(context.environment)
    }

    /// Rotates, with the writer key in its file before anything depends on it.
    func rotate(_ changes: KeyChanges, for holders: [KeyHolder], of repository: Repository) throws {
        try refuseTaken(repository)
        var fingerprint: String?
        do {
            _ = try changes.rotate(for: holders) { generation in
                try SecretFile.write(generation.writerKey.secretText, to: path)
                fingerprint = try generation.name.description
            }
        } catch {
            Cancellation.shielded { if let fingerprint { takeBack(fingerprint, from: repository) } }
            throw error
        }
        known.remember(path, for: repository.config.id)
    }

    /// Removes the file, unless the repository has the generation already.
    private func takeBack(_ fingerprint: String, from repository: Repository) {
        guard let entries = try? repository.keyRing.entries(),
            !entries.contains(where: { $0.generation == fingerprint })
        else { return }
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Says of a file that is there whether it is in use or the rest of a run that was killed.
    private func refuseTaken(_ repository: Repository) throws {
        guard FileManager.default.fileExists(atPath: path) else { return }
        let key = (try? SecretFile.read(path)).flatMap { try? WriterKey(text: $0) }
        let generations = try repository.keyRing.entries().map(\.generation)
        if let key, generations.contains(try key.fingerprint.description) {
            throw CommandError(
                "secret-file.exists",
                "\(path) holds a writer key of \(repository.location), and a key is never overwritten.",
                remedy: Remedy("Give another file name: --new-writer-key FILE."),
                failureClass: .refused)
        }
        throw CommandError(
            "secret-file.exists",
            "\(path) exists already and is no key of \(repository.location): another repository's, or the rest of a run that"
                + " was killed before it changed anything.",
            remedy: Remedy(
                "Give another file name; or, if no other repository uses it, remove it and run again:",
                command: "rm \(path)"),
            failureClass: .refused)
    }
}
