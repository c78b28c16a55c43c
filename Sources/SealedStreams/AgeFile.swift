/// Small files in the format of the `age` program (age-encryption.org/v1): sealed here, opened there, and back.
///
/// Keys are kept in this form, so that a person with the identity and the `age` program gets at them without us.
public enum AgeFile: Sendable {
    static let fileKeyLength = 16
    private static let nonceLength = 16
    private static let segmentLength = 1 << 16

    /// The work factor of new passphrase files: about a second and 256 MiB.
    public static let standardWorkFactor = 18

    /// Seals bytes for recipients, each of whom can open them alone.
    ///
    /// - Parameters:
    ///   - bytes: What to seal.
    ///   - recipients: At least one.
    /// - Returns: The content of an age file.
    /// - Throws: ``SealedStreamError`` when libcrypto fails or a recipient is not usable.
    public static func seal(_ bytes: [UInt8], for recipients: [AgeRecipient]) throws(SealedStreamError) -> [UInt8] {
        precondition(!recipients.isEmpty, "An age file needs a recipient")
        let fileKey = try RandomBytes.secret(count: fileKeyLength)
        var stanzas: [AgeStanza] = []
        for recipient in recipients {
            stanzas.append(try AgeStanza.x25519(fileKey, for: recipient))
        }
        return try seal(bytes, stanzas, fileKey)
    }

    /// Seals bytes for everyone who knows a passphrase.
    ///
    /// - Parameters:
    ///   - bytes: What to seal.
    ///   - passphrase: The words.
    ///   - workFactor: The binary logarithm of scrypt's N: how hard guessing is, and opening.
    /// - Returns: The content of an age file.
    /// - Throws: ``SealedStreamError`` when libcrypto fails.
    public static func seal(
        _ bytes: [UInt8],
        with passphrase: Passphrase,
        workFactor: Int = standardWorkFactor
    ) throws(SealedStreamError) -> [UInt8] {
        precondition((1...AgeStanza.largestWorkFactor).contains(workFactor), "scrypt takes a work factor of 1 to 22")
        let fileKey = try RandomBytes.secret(count: fileKeyLength)
        let stanza = try AgeStanza.scrypt(fileKey, for: passphrase, workFactor: workFactor)
        return try seal(bytes, [stanza], fileKey)
    }

    /// Opens an age file with any of some identities.
    ///
    /// - Parameters:
    ///   - file: The content of the age file.
    ///   - identities: The identities to try.
    ///   - name: The file, for messages.
    /// - Returns: The bytes that were sealed.
    /// - Throws: ``SealedStreamError``: wrong key when it is for none of the identities, corrupt when it is damaged.
    public static func open(
        _ file: [UInt8],
        with identities: [AgeIdentity],
        name: String
    ) throws(SealedStreamError) -> [UInt8] {
        let header = try AgeHeader(parsing: file, name: name)
        for identity in identities {
            for stanza in header.stanzas {
                guard let fileKey = try stanza.fileKey(for: identity, name: name) else { continue }
                return try open(file, header, fileKey, name)
            }
        }
        let needsPassphrase = header.stanzas.contains { $0.type == "scrypt" }
        throw .wrongKey("\(name) \(needsPassphrase ? "needs a passphrase" : "is not sealed for this identity").")
    }

    /// Opens an age file with a passphrase.
    ///
    /// - Parameters:
    ///   - file: The content of the age file.
    ///   - passphrase: The words.
    ///   - name: The file, for messages.
    /// - Returns: The bytes that were sealed.
    /// - Throws: ``SealedStreamError``: wrong key when the passphrase is another one or the file needs an identity,
    ///   corrupt when it is damaged.
    public static func open(
        _ file: [UInt8],
        with passphrase: Passphrase,
        name: String
    ) throws(SealedStreamError) -> [UInt8] {
        let header = try AgeHeader(parsing: file, name: name)
        guard let stanza = header.stanzas.first(where: { $0.type == "scrypt" }) else {
            throw .wrongKey("\(name) is sealed for an identity, not with a passphrase.")
        }
        guard let fileKey = try stanza.fileKey(for: passphrase, name: name) else {
            throw .wrongKey("The passphrase does not open \(name).")
        }
        return try open(file, header, fileKey, name)
    }

    /// Checks what can be checked of an age file without a key: its header's form, and that a payload follows.
    ///
    /// - Parameters:
    ///   - file: The content of the age file.
    ///   - name: The file, for messages.
    /// - Throws: ``SealedStreamError``: corrupt when it is no age file or was cut short.
    public static func checkForm(of file: [UInt8], name: String) throws(SealedStreamError) {
        let header = try AgeHeader(parsing: file, name: name)
        guard file.count >= header.length + nonceLength + AEADCipher.tagLength else {
            throw .corrupt(name, "was cut short")
        }
    }

    private static func seal(
        _ bytes: [UInt8],
        _ stanzas: [AgeStanza],
        _ fileKey: SecretBytes
    ) throws(SealedStreamError) -> [UInt8] {
        let header = try AgeHeader(stanzas, fileKey: fileKey)
        let salt = try RandomBytes.bytes(count: nonceLength)
        var cipher = try AEADContext.sealing(.chaCha20Poly1305, key: payloadKey(fileKey, salt))
        var nonce = SegmentNonce()
        var sealed = ReusableBuffer(capacity: header.length + bytes.count + nonceLength + AEADCipher.tagLength)
        sealed.append(header.bytes)
        sealed.append(salt)
        var start = 0
        repeat {
            let end = min(start + segmentLength, bytes.count)
            nonce.mark(last: end == bytes.count)
            let segment = unsafe bytes.span.extracting(start..<end).bytes
            try cipher.seal(segment, nonce: nonce, authenticating: [], into: &sealed)
            if end < bytes.count { nonce.advance() }
            start = end
        } while start < bytes.count
        return sealed.array
    }

    private static func open(
        _ file: [UInt8],
        _ header: AgeHeader,
        _ fileKey: SecretBytes,
        _ name: String
    ) throws(SealedStreamError) -> [UInt8] {
        guard try header.isGenuine(fileKey: fileKey) else { throw .corrupt(name, "has a changed age header") }
        var start = header.length + nonceLength
        guard file.count >= start + AEADCipher.tagLength else { throw .corrupt(name, "was cut short") }
        let salt = Array(file[header.length..<start])
        var cipher = try AEADContext.opening(.chaCha20Poly1305, key: payloadKey(fileKey, salt))
        var nonce = SegmentNonce()
        var bytes = ReusableBuffer(capacity: file.count - start)
        while true {
            let end = min(start + segmentLength + AEADCipher.tagLength, file.count)
            let isLast = end == file.count
            guard nonce.isFirst || end - start > AEADCipher.tagLength else { throw .corrupt(name, "was cut short") }
            nonce.mark(last: isLast)
            let segment = unsafe file.span.extracting(start..<end).bytes
            guard try cipher.open(segment, nonce: nonce, authenticating: [], into: &bytes) else {
                throw .corrupt(name, "was changed or cut")
            }
            if isLast { return bytes.array }
            nonce.advance()
            start = end
        }
    }

    private static func payloadKey(_ fileKey: SecretBytes, _ salt: [UInt8]) throws(SealedStreamError) -> SecretKey {
        SecretKey(
            try KeyDerivation.hkdf(fileKey, salt: salt, info: Array("payload".utf8), count: SecretKey.byteCount)
        )
    }
}
