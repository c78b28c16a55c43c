/// Whom a file is sealed for: the public half of an ``AgeIdentity``, safe to show and to commit.
public struct AgeRecipient: Sendable, Hashable, CustomStringConvertible {
    static let prefix = "age"

    let publicKey: [UInt8]

    init(publicKey: [UInt8]) {
        self.publicKey = publicKey
    }

    /// A recipient from its text.
    ///
    /// - Parameter text: `age1…`, as `age-keygen` prints it.
    /// - Throws: ``SealedStreamError`` when it is no recipient or was mistyped.
    public init(_ text: String) throws(SealedStreamError) {
        guard let parsed = Bech32.parse(text), parsed.prefix == Self.prefix, parsed.bytes.count == SecretKey.byteCount,
            text.hasPrefix(Self.prefix)
        else { throw .malformedKey("\"\(Self.shown(text))\" is not an age recipient (age1…).") }
        publicKey = parsed.bytes
    }

    /// The recipient as `age1…`.
    public var description: String { Bech32.text(prefix: Self.prefix, publicKey) }

    // Somebody may paste the identity here by mistake; it must not come back in a message.
    private static func shown(_ text: String) -> String {
        text.lowercased().hasPrefix("age1") ? text : String(text.prefix(4)) + "…"
    }
}
