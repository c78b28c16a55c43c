public import SealedStreams

/// Somebody who can open a repository.
public enum KeyHolder: Sendable {
    /// Whoever has the identity of this recipient.
    case recipient(AgeRecipient)
    /// Whoever knows the passphrase.
    case passphrase(Passphrase)

    /// The name of the holder's files: the recipient itself, or a word for the passphrase.
    var fileName: String {
        switch self {
        case .recipient(let recipient): recipient.description
        case .passphrase: Self.passphraseName
        }
    }

    static let passphraseName = "passphrase"

    func seal(_ bytes: [UInt8]) throws(SealedStreamError) -> [UInt8] {
        switch self {
        case .recipient(let recipient): try AgeFile.seal(bytes, for: [recipient])
        case .passphrase(let passphrase): try AgeFile.seal(bytes, with: passphrase)
        }
    }
}

/// What somebody opens a repository with.
public enum KeyOpener: Sendable {
    /// Any of some identities.
    case identities([AgeIdentity])
    /// A passphrase.
    case passphrase(Passphrase)

    /// Whether a holder's file may be for this opener.
    func mayOpen(holder: String) -> Bool {
        switch self {
        case .identities: holder != KeyHolder.passphraseName
        case .passphrase: holder == KeyHolder.passphraseName
        }
    }

    func open(_ file: [UInt8], name: String) throws(SealedStreamError) -> [UInt8] {
        switch self {
        case .identities(let identities): try AgeFile.open(file, with: identities, name: name)
        case .passphrase(let passphrase): try AgeFile.open(file, with: passphrase, name: name)
        }
    }
}
