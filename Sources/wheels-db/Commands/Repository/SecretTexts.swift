import ArchiveRepository
import Synchronization

/// The secrets that this run was given as files, each read once: a pipe gives its content only once.
final class SecretTexts: Sendable {
    private let texts = Mutex<[String: String]>([:])

    /// The content of a file.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - expected: What should be in it, for messages.
    /// - Returns: Its text.
    /// - Throws: `RepositoryError` when it cannot be read or is no text.
    func text(of path: String, expecting expected: String) throws -> String {
        if let text = texts.withLock({ $0[path] }) { return text }
        let text = try SecretFile.read(path, expecting: expected)
        texts.withLock { $0[path] = text }
        return text
    }
}
