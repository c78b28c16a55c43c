import CCrypto

/// A cipher that hides bytes and finds every change to them.
enum AEADCipher: Sendable {
    /// AES-256 in Galois/Counter mode: fast where the processor helps; used for our own objects.
    case aes256GCM
    /// ChaCha20-Poly1305 (RFC 8439): what the age format prescribes.
    case chaCha20Poly1305

    /// The length of the tag behind each sealed message.
    static let tagLength = 16
    /// The length of a nonce.
    static let nonceLength = 12

    fileprivate var algorithm: OpaquePointer? {
        switch self {
        case .aes256GCM: unsafe EVP_aes_256_gcm()
        case .chaCha20Poly1305: unsafe EVP_chacha20_poly1305()
        }
    }
}

/// One key of one cipher, set up once and used for many messages, either to seal or to open them.
@safe struct AEADContext: ~Copyable, @unchecked Sendable {
    // `@unchecked`: the context has one owner, and moving it to another thread moves the only pointer.
    private let context: OpaquePointer
    private let direction: Int32

    /// The corresponding libcrypto function is `EVP_CipherInit_ex`.
    private init(_ cipher: AEADCipher, key: SecretKey, direction: Int32) throws(SealedStreamError) {
        guard let context = unsafe EVP_CIPHER_CTX_new() else { throw .crypto("EVP_CIPHER_CTX_new") }
        let status = key.withBytes { key in
            unsafe key.withUnsafeBytes { key in
                let start = unsafe key.baseAddress?.assumingMemoryBound(to: UInt8.self)
                return unsafe EVP_CipherInit_ex(context, cipher.algorithm, nil, start, nil, direction)
            }
        }
        guard status == 1 else {
            unsafe EVP_CIPHER_CTX_free(context)
            throw .crypto("EVP_CipherInit_ex")
        }
        unsafe self.context = context
        self.direction = direction
    }

    deinit {
        // Also wipes the expanded key.
        unsafe EVP_CIPHER_CTX_free(context)
    }

    /// A context that seals.
    static func sealing(_ cipher: AEADCipher, key: SecretKey) throws(SealedStreamError) -> AEADContext {
        try AEADContext(cipher, key: key, direction: 1)
    }

    /// A context that opens.
    static func opening(_ cipher: AEADCipher, key: SecretKey) throws(SealedStreamError) -> AEADContext {
        try AEADContext(cipher, key: key, direction: 0)
    }

    /// Appends the sealed form of a message: as many bytes as the message, then the tag.
    ///
    /// - Parameters:
    ///   - message: What to seal.
    ///   - nonce: 12 bytes that this key has never seen before.
    ///   - associated: Bytes that must be the same when it is opened.
    ///   - output: Where to append.
    /// - Throws: ``SealedStreamError`` when libcrypto fails.
    mutating func seal(
        _ message: RawSpan,
        nonce: borrowing SegmentNonce,
        authenticating associated: [UInt8],
        into output: inout ReusableBuffer
    ) throws(SealedStreamError) {
        precondition(direction == 1, "This context opens")
        try begin(nonce, associated)
        let length = message.byteCount
        try unsafe output.appendUnsafely(upTo: length + AEADCipher.tagLength) { (room) throws(SealedStreamError) in
            let target = unsafe room.baseAddress?.assumingMemoryBound(to: UInt8.self)
            try unsafe transform(message, to: target)
            var none: Int32 = 0
            guard unsafe EVP_CipherFinal_ex(self.context, target, &none) == 1 else {
                throw .crypto("EVP_CipherFinal_ex")
            }
            let tag = unsafe room.baseAddress.map { unsafe $0 + length }
            let tagLength = Int32(AEADCipher.tagLength)
            guard unsafe EVP_CIPHER_CTX_ctrl(self.context, EVP_CTRL_AEAD_GET_TAG, tagLength, tag) == 1 else {
                throw .crypto("EVP_CTRL_AEAD_GET_TAG")
            }
            return length + AEADCipher.tagLength
        }
    }

    /// Appends the message of a sealed form.
    ///
    /// - Parameters:
    ///   - sealed: The sealed bytes with their tag at the end.
    ///   - nonce: The nonce it was sealed with.
    ///   - associated: The bytes it was sealed with.
    ///   - output: Where to append; unchanged when the answer is `false`.
    /// - Returns: Whether key, nonce, context and every byte are what they were when it was sealed.
    /// - Throws: ``SealedStreamError`` when libcrypto fails.
    mutating func open(
        _ sealed: RawSpan,
        nonce: borrowing SegmentNonce,
        authenticating associated: [UInt8],
        into output: inout ReusableBuffer
    ) throws(SealedStreamError) -> Bool {
        precondition(direction == 0, "This context seals")
        let length = sealed.byteCount - AEADCipher.tagLength
        guard length >= 0 else { return false }
        try begin(nonce, associated)
        var isGenuine = false
        try unsafe output.appendUnsafely(upTo: max(length, 1)) { (room) throws(SealedStreamError) in
            let target = unsafe room.baseAddress?.assumingMemoryBound(to: UInt8.self)
            try unsafe transform(sealed.extracting(first: length), to: target)
            let tag = sealed.extracting(last: AEADCipher.tagLength)
            let status = unsafe tag.withUnsafeBytes { tag in
                let pointer = unsafe UnsafeMutableRawPointer(mutating: tag.baseAddress)
                return unsafe EVP_CIPHER_CTX_ctrl(self.context, EVP_CTRL_AEAD_SET_TAG, Int32(tag.count), pointer)
            }
            guard status == 1 else { throw .crypto("EVP_CTRL_AEAD_SET_TAG") }
            var none: Int32 = 0
            isGenuine = unsafe EVP_CipherFinal_ex(self.context, target, &none) == 1
            return isGenuine ? length : 0
        }
        if !isGenuine { ERR_clear_error() }
        return isGenuine
    }

    private func begin(_ nonce: borrowing SegmentNonce, _ associated: [UInt8]) throws(SealedStreamError) {
        guard unsafe EVP_CipherInit_ex(context, nil, nil, nil, nonce.bytes, direction) == 1 else {
            throw .crypto("EVP_CipherInit_ex")
        }
        try unsafe transform(associated.span.bytes, to: nil)
    }

    private func transform(_ bytes: RawSpan, to target: UnsafeMutablePointer<UInt8>?) throws(SealedStreamError) {
        // Without input, libcrypto could take the call for the end of the message.
        guard bytes.byteCount > 0 else { return }
        var written: Int32 = 0
        let status = unsafe bytes.withUnsafeBytes { source in
            let start = unsafe source.baseAddress?.assumingMemoryBound(to: UInt8.self)
            return unsafe EVP_CipherUpdate(context, target, &written, start, Int32(source.count))
        }
        guard status == 1 else { throw .crypto("EVP_CipherUpdate") }
    }
}
