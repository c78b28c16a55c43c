import Diagnostics
import SealedStreams

extension RunKey {
    static let closedCode = "repository.closed-run-key"

    /// The data key of a run.
    ///
    /// - Parameters:
    ///   - run: The run.
    ///   - archives: The archive identities of the generations that it may be sealed for.
    ///   - store: Where its file is.
    /// - Returns: The key.
    /// - Throws: ``RepositoryError`` of class `corrupt` when the file is missing, or no such file: whoever holds the
    ///   generation opens it, so a file that does not open was changed.
    static func open(_ run: BackupID, with archives: [AgeIdentity], in store: any BlobStore) throws -> SecretKey {
        let file = try Layout.runKey(run)
        let sealed: [UInt8]
        do { sealed = try store.bytes(of: file, limit: 1 << 20) } catch let error as RepositoryError
            where error.failureClass == .notFound
        {
            throw RepositoryError(
                code: RepositoryError.missingCode,
                summary: "\(file) is missing: the rows that run \(run) stored are lost.",
                failureClass: .corrupt
            )
        }
        let text: [UInt8]
        do { text = try AgeFile.open(sealed, with: archives, name: file.description) } catch {
            guard [.wrongKey, .unsupportedVersion].contains(error.failureClass) else { throw error }
            throw RepositoryError(
                code: closedCode,
                summary: "\(file) is not the key file that was stored: the keys of its generation do not open it.",
                failureClass: .corrupt
            )
        }
        guard let (key, _) = try SecretText.key(String(decoding: text, as: UTF8.self), label: label) else {
            throw RepositoryError.corrupt(file.description, "holds no data key")
        }
        return key
    }
}
