/// One recipient's part of an age header: how this recipient gets at the file key.
struct AgeStanza: Sendable, Hashable {
    static let bodyLength = 32

    let type: String
    let arguments: [String]
    let body: [UInt8]

    /// The stanza as it stands in the header.
    var text: String {
        var lines = "-> " + ([type] + arguments).joined(separator: " ") + "\n"
        let encoded = Array(Base64.text(body).utf8)
        // The last line of a body is always shorter than 64 characters, so that a reader knows it is the last.
        for start in stride(from: 0, through: encoded.count, by: 64) {
            lines += String(decoding: encoded[start..<min(start + 64, encoded.count)], as: UTF8.self) + "\n"
        }
        return lines
    }

    // MARK: X25519

    /// Wraps a file key for a recipient.
    static func x25519(_ fileKey: SecretBytes, for recipient: AgeRecipient) throws(SealedStreamError) -> AgeStanza {
        let ephemeral = try SecretKey()
        let share = try KeyAgreement.publicKey(of: ephemeral)
        guard let shared = try KeyAgreement.shared(ephemeral, with: recipient.publicKey) else {
            throw .malformedKey("\(recipient) is not a usable recipient.")
        }
        let key = try x25519WrapKey(shared, share: share, recipient: recipient)
        return AgeStanza(type: "X25519", arguments: [Base64.text(share)], body: try wrap(fileKey, under: key))
    }

    /// The file key, or `nil` when this stanza is for somebody else.
    func fileKey(for identity: AgeIdentity, name: String) throws(SealedStreamError) -> SecretBytes? {
        guard type == "X25519" else { return nil }
        guard arguments.count == 1, let share = Base64.bytes(arguments[0]), share.count == SecretKey.byteCount,
            body.count == Self.bodyLength
        else { throw .corrupt(name, "has a damaged age header") }
        guard let shared = try KeyAgreement.shared(identity.secret, with: share) else {
            throw .corrupt(name, "has a damaged age header")
        }
        return try unwrap(Self.x25519WrapKey(shared, share: share, recipient: identity.recipient))
    }

    private static func x25519WrapKey(
        _ shared: SecretBytes,
        share: [UInt8],
        recipient: AgeRecipient
    ) throws(SealedStreamError) -> SecretKey {
        let info = Array("age-encryption.org/v1/X25519".utf8)
        let salt = share + recipient.publicKey
        return SecretKey(try KeyDerivation.hkdf(shared, salt: salt, info: info, count: SecretKey.byteCount))
    }

    // MARK: scrypt

    /// Time and memory a file may ask for at most: 4 GiB.
    static let largestWorkFactor = 22
    private static let scryptSaltLength = 16

    /// Wraps a file key for a passphrase.
    static func scrypt(
        _ fileKey: SecretBytes,
        for passphrase: Passphrase,
        workFactor: Int
    ) throws(SealedStreamError) -> AgeStanza {
        let salt = try RandomBytes.bytes(count: scryptSaltLength)
        let key = try scryptWrapKey(passphrase, salt: salt, workFactor: workFactor)
        return AgeStanza(
            type: "scrypt",
            arguments: [Base64.text(salt), String(workFactor)],
            body: try wrap(fileKey, under: key)
        )
    }

    /// The file key, or `nil` when the passphrase is another one.
    func fileKey(for passphrase: Passphrase, name: String) throws(SealedStreamError) -> SecretBytes? {
        guard arguments.count == 2, let salt = Base64.bytes(arguments[0]), salt.count == Self.scryptSaltLength,
            let workFactor = Int(arguments[1]), workFactor > 0, String(workFactor) == arguments[1],
            body.count == Self.bodyLength
        else { throw .corrupt(name, "has a damaged age header") }
        guard workFactor <= Self.largestWorkFactor else {
            throw .unsupportedVersion(name, "asks for scrypt with work factor \(workFactor)")
        }
        return try unwrap(Self.scryptWrapKey(passphrase, salt: salt, workFactor: workFactor))
    }

    private static func scryptWrapKey(
        _ passphrase: Passphrase,
        salt: [UInt8],
        workFactor: Int
    ) throws(SealedStreamError) -> SecretKey {
        let label = Array("age-encryption.org/v1/scrypt".utf8)
        return SecretKey(
            try KeyDerivation.scrypt(
                passphrase.bytes,
                salt: label + salt,
                workFactor: workFactor,
                count: SecretKey.byteCount
            )
        )
    }

    // MARK: Wrapping

    // The nonce is zero: each wrapping key is used for one message only.
    private static func wrap(_ fileKey: SecretBytes, under key: SecretKey) throws(SealedStreamError) -> [UInt8] {
        var cipher = try AEADContext.sealing(.chaCha20Poly1305, key: key)
        var wrapped = ReusableBuffer(capacity: bodyLength)
        try fileKey.withBytes { (bytes) throws(SealedStreamError) in
            try cipher.seal(bytes, nonce: SegmentNonce(), authenticating: [], into: &wrapped)
        }
        return wrapped.array
    }

    private func unwrap(_ key: SecretKey) throws(SealedStreamError) -> SecretBytes? {
        var cipher = try AEADContext.opening(.chaCha20Poly1305, key: key)
        var fileKey = ReusableBuffer(capacity: AgeFile.fileKeyLength)
        let isGenuine = try cipher.open(
            unsafe body.span.bytes,
            nonce: SegmentNonce(),
            authenticating: [],
            into: &fileKey
        )
        guard isGenuine else { return nil }
        return fileKey.withBytes { SecretBytes($0) }
    }
}
