import ArchiveRepository
import Diagnostics
import Foundation
import SealedStreams

/// The key files that an init writes, and takes back when it fails.
struct NewKeyFiles {
    private var written: [String] = []

    /// Makes an identity and writes it to a new file.
    mutating func writeIdentity(to path: String) throws -> AgeRecipient {
        try refuseTaken(path)
        let identity = try AgeIdentity()
        try SecretFile.write(identity.secretFileText(created: Date.now.formatted(.iso8601)), to: path)
        written.append(path)
        return identity.recipient
    }

    /// Writes a writer key to a new file.
    mutating func write(_ key: WriterKey, to path: String) throws {
        try refuseTaken(path)
        try SecretFile.write(key.secretText, to: path)
        written.append(path)
    }

    /// Removes what was written: nothing is opened by it.
    func remove() {
        for file in written { try? FileManager.default.removeItem(atPath: file) }
    }

    /// Says of a file that is there what can be done with it: an init that was killed may have left it.
    private func refuseTaken(_ path: String) throws {
        guard FileManager.default.fileExists(atPath: path) else { return }
        let text = (try? SecretFile.read(path)) ?? ""
        let identity = try? AgeIdentity.identities(inFile: text, name: path).first
        let content =
            identity == nil
            ? (try? WriterKey(text: text)) == nil ? "" : " and holds a writer key" : " and holds an identity"
        let use =
            identity.map { " To seal for that identity, give --recipient \($0.recipient) and --writer-key FILE." } ?? ""
        throw CommandError(
            "secret-file.exists",
            "\(path) exists already\(content), and a key is never overwritten. Nothing was made.",
            remedy: Remedy(
                "Give another file name.\(use) Only if an init that was killed left it, and no repository uses it, remove it and"
                    + " try again:",
                command: "rm \(path)"),
            failureClass: .refused
        )
    }
}
