import ArchiveRepository
import Foundation
import SealedStreams

/// Remembers, per user, where the writer key of a repository is: the path, never the key.
struct KnownRepositories {
    /// The file that remembers.
    let path: String

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
