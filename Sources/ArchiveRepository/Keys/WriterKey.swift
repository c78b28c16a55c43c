public import SealedStreams

/// The key of the machine that makes backups.
///
/// It names objects, seals manifests (names, counts and digests; no rows), ends each object with a code that this
/// machine can check, and says for whom the data keys of runs are sealed. It opens no rows: that takes the identity.
/// Losing it costs nothing but one full backup.
///
/// The recipient is part of the key, so that nothing that stands in the repository decides who can read the rows.
public struct WriterKey: Sendable {
    private static let label = "WHEELS-WRITER-KEY-1"
    let key: SecretKey
    /// Whom data keys are sealed for: the archive identity of the same generation.
    public let recipient: AgeRecipient

    init(recipient: AgeRecipient) throws {
        key = try SecretKey()
        self.recipient = recipient
    }

    /// A key from its text.
    ///
    /// - Parameters:
    ///   - text: What ``secretText`` gave; blanks around it do not matter.
    ///   - name: Where it came from, for messages.
    /// - Throws: ``RepositoryError`` of class `wrongKey` when it is no writer key or has a typing error.
    public init(text: String, name: String = "This") throws {
        let line = text.split(whereSeparator: \.isWhitespace).first.map(String.init) ?? ""
        guard let (key, extra) = try SecretText.key(line, label: Self.label), let recipient = try? AgeRecipient(extra)
        else {
            throw RepositoryError.wrongKey(
                "\(name) is no writer key, or a character of it is wrong.",
                "Take the whole line that begins with \(Self.label), as it stands in the key's file."
            )
        }
        self.key = key
        self.recipient = recipient
    }

    /// The key as one line of text, for a file that only its owner can read.
    public var secretText: String {
        get throws { try SecretText.text(key, extra: recipient.description, label: Self.label) }
    }
    /// Eight bytes that name the key, and with it the generation, and tell nothing of it.
    public var fingerprint: KeyFingerprint { get throws { try KeyFingerprint(of: key) } }

    var manifestKey: SecretKey { get throws { try key.derived("wheels-db manifest") } }
    var codeKey: SecretKey { get throws { try key.derived("wheels-db object code") } }
    var nameKey: SecretKey { get throws { try key.derived("wheels-db object name") } }
}
