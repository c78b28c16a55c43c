import Diagnostics
import Foundation
public import SealedStreams

extension Repository {
    /// The right to make backups.
    ///
    /// - Parameters:
    ///   - key: The writer key; `nil` makes a new one, stored sealed, whose first backup is a full one.
    ///   - passphrase: Needed where a passphrase protects the repository.
    /// - Returns: The right to write.
    /// - Throws: ``RepositoryError`` of class `usage` without the passphrase; `wrongKey` when the key is of another
    ///   repository or the passphrase is wrong.
    public func writer(key: WriterKey?, passphrase: Passphrase?) throws -> WriterAccess {
        let protection = try protection(passphrase)
        if case .passphrase(let passphrase) = protection { _ = try reader(passphrase: passphrase) }
        if let key {
            guard try store.size(of: Layout.writerKey(key.fingerprint)) != nil else {
                throw RepositoryError.wrongKey(
                    "The writer key is not one of the repository \(location).",
                    "Give the key that was made with this repository, or none: a new one is made then."
                )
            }
            return WriterAccess(repository: self, key: key, protection: protection, isNewKey: false)
        }
        let new = try WriterKey()
        try store(new, protection: protection)
        return WriterAccess(repository: self, key: new, protection: protection, isNewKey: true)
    }

    /// The right to read rows, by identities.
    ///
    /// - Parameter identities: Any of them may open the repository.
    /// - Returns: The right to read.
    /// - Throws: ``RepositoryError`` of class `wrongKey` when none of them does.
    public func reader(identities: [AgeIdentity]) throws -> ReaderAccess {
        guard !config.usesPassphrase else {
            throw RepositoryError.wrongKey(
                "The repository \(location) is opened by a passphrase, not by an identity.",
                "Give --passphrase-file, or set WHEELS_PASSPHRASE_FILE."
            )
        }
        return try reader { try AgeFile.open($0, with: identities, name: $1) }
    }

    /// The right to read rows, by passphrase.
    ///
    /// - Parameter passphrase: The words.
    /// - Returns: The right to read.
    /// - Throws: ``RepositoryError`` of class `wrongKey` when it is another one.
    public func reader(passphrase: Passphrase) throws -> ReaderAccess {
        guard config.usesPassphrase else {
            throw RepositoryError.wrongKey(
                "The repository \(location) is opened by an identity, not by a passphrase.",
                "Give --identity FILE, or set WHEELS_IDENTITY_FILE."
            )
        }
        return try reader { try AgeFile.open($0, with: passphrase, name: $1) }
    }

    private func reader(opening open: @escaping AgeOpener) throws -> ReaderAccess {
        let names = try store.list("keys/").map(\.name).filter { $0.description.hasPrefix("keys/writer-") }
        guard !names.isEmpty else { throw RepositoryError.corrupt("\(location)/keys", "holds no writer key") }
        let keys = try names.map { name in
            let text = String(
                decoding: try open(try store.bytes(of: name, limit: 1 << 20), name.description), as: UTF8.self)
            return try WriterKey(text: text)
        }
        return ReaderAccess(repository: self, writerKeys: keys, open: open)
    }

    private func protection(_ passphrase: Passphrase?) throws -> RepositoryProtection {
        guard config.usesPassphrase else { return .recipients(try config.ageRecipients) }
        guard let passphrase else {
            throw RepositoryError(
                code: "repository.passphrase-missing",
                summary: "The repository \(location) is protected by a passphrase, and none was given.",
                remedy: Remedy("Give --passphrase-file FILE, or set WHEELS_PASSPHRASE_FILE."),
                failureClass: .usage
            )
        }
        return .passphrase(passphrase)
    }
}

/// Opens an age file, whose name is for messages.
typealias AgeOpener = @Sendable (_ file: [UInt8], _ name: String) throws -> [UInt8]
