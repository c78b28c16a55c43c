/// The secret key that opens what was sealed for its ``recipient``.
///
/// It is the X25519 identity of the age file format, so `age -d -i FILE` opens the same files.
public struct AgeIdentity: Sendable {
    private static let prefix = "age-secret-key-"

    let secret: SecretKey
    /// Whom to seal for, so that this identity opens it.
    public let recipient: AgeRecipient

    /// A new random identity.
    ///
    /// - Throws: ``SealedStreamError`` when the system has no random bytes.
    public init() throws(SealedStreamError) {
        try self.init(secret: SecretKey())
    }

    init(secret: SecretKey) throws(SealedStreamError) {
        self.secret = secret
        recipient = AgeRecipient(publicKey: try KeyAgreement.publicKey(of: secret))
    }

    /// An identity from its text.
    ///
    /// - Parameter text: `AGE-SECRET-KEY-1…`, as `age-keygen` writes it.
    /// - Throws: ``SealedStreamError`` when it is no identity or was mistyped; the message does not repeat it.
    public init(_ text: String) throws(SealedStreamError) {
        guard let parsed = Bech32.parse(text), parsed.prefix == Self.prefix, parsed.bytes.count == SecretKey.byteCount,
            text == text.uppercased()
        else { throw .malformedKey("This is not an age identity (AGE-SECRET-KEY-1…).") }
        try self.init(secret: SecretKey(parsed.bytes))
    }

    /// All identities of a file as `age-keygen` writes it: comments, empty lines, and one identity a line.
    ///
    /// - Parameters:
    ///   - text: The content of the file.
    ///   - name: The file, for messages.
    /// - Returns: At least one identity.
    /// - Throws: ``SealedStreamError`` when a line is no identity, or there is none.
    public static func identities(inFile text: String, name: String) throws(SealedStreamError) -> [AgeIdentity] {
        var identities: [AgeIdentity] = []
        var number = 0
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            number += 1
            let content = line.drop { $0 == " " || $0 == "\t" }
            guard !content.isEmpty, !content.hasPrefix("#") else { continue }
            let word = content.prefix { $0 != " " && $0 != "\t" }
            guard let identity = try? AgeIdentity(String(word)) else {
                throw .malformedKey("Line \(number) of \(name) is not an age identity (AGE-SECRET-KEY-1…).")
            }
            identities.append(identity)
        }
        guard !identities.isEmpty else { throw .malformedKey("\(name) holds no age identity (AGE-SECRET-KEY-1…).") }
        return identities
    }

    /// The content of an identity file, as `age-keygen` writes it.
    ///
    /// **This is the secret itself.**
    ///
    /// - Parameter created: The time to note in it, as RFC 3339 has it.
    /// - Returns: Two comment lines and the identity.
    public func secretFileText(created: String) -> String {
        "# created: \(created)\n# public key: \(recipient)\n\(secretText)\n"
    }

    /// The identity as `AGE-SECRET-KEY-1…`.
    ///
    /// **This is the secret itself.**
    public var secretText: String {
        Bech32.text(prefix: Self.prefix, secret.bytes.array).uppercased()
    }
}
