import CCrypto

/// X25519 (RFC 7748): a public key from a secret one, and a shared secret from two.
enum KeyAgreement {
    /// The public key of a secret key.
    ///
    /// The corresponding libcrypto function is `EVP_PKEY_get_raw_public_key`.
    ///
    /// - Parameter secret: The secret key.
    /// - Returns: 32 bytes.
    /// - Throws: ``SealedStreamError`` when libcrypto fails.
    static func publicKey(of secret: SecretKey) throws(SealedStreamError) -> [UInt8] {
        let key = try KeyHandle(secret: secret)
        var bytes = [UInt8](repeating: 0, count: SecretKey.byteCount)
        var length = bytes.count
        guard unsafe EVP_PKEY_get_raw_public_key(key.raw, &bytes, &length) == 1, length == bytes.count else {
            throw .crypto("EVP_PKEY_get_raw_public_key")
        }
        return bytes
    }

    /// The secret that two holders of a key share.
    ///
    /// The corresponding libcrypto function is `EVP_PKEY_derive`.
    ///
    /// - Parameters:
    ///   - secret: The own secret key.
    ///   - peer: The other's public key, 32 bytes.
    /// - Returns: The shared secret; `nil` when the peer's key is one that makes it all zeros.
    /// - Throws: ``SealedStreamError`` when libcrypto fails.
    static func shared(_ secret: SecretKey, with peer: [UInt8]) throws(SealedStreamError) -> SecretBytes? {
        let key = try KeyHandle(secret: secret)
        let other = try KeyHandle(public: peer)
        guard let context = unsafe EVP_PKEY_CTX_new(key.raw, nil) else { throw .crypto("EVP_PKEY_CTX_new") }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        guard unsafe EVP_PKEY_derive_init(context) == 1, unsafe EVP_PKEY_derive_set_peer(context, other.raw) == 1 else {
            throw .crypto("EVP_PKEY_derive_init")
        }
        var isUsable = false
        let shared = unsafe SecretBytes(count: SecretKey.byteCount) { target in
            var length = target.count
            let start = unsafe target.baseAddress?.assumingMemoryBound(to: UInt8.self)
            isUsable = unsafe EVP_PKEY_derive(context, start, &length) == 1 && length == target.count
        }
        guard isUsable else {
            ERR_clear_error()
            return nil
        }
        return shared
    }
}

/// The owner of one libcrypto key.
@safe private struct KeyHandle: ~Copyable {
    let raw: OpaquePointer

    init(secret: SecretKey) throws(SealedStreamError) {
        let key = unsafe secret.withBytes { bytes in
            unsafe bytes.withUnsafeBytes { buffer in
                let start = unsafe buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
                return unsafe EVP_PKEY_new_raw_private_key_ex(nil, "X25519", nil, start, buffer.count)
            }
        }
        guard let key = unsafe key else { throw .crypto("EVP_PKEY_new_raw_private_key_ex") }
        unsafe raw = key
    }

    init(public bytes: [UInt8]) throws(SealedStreamError) {
        guard let key = unsafe EVP_PKEY_new_raw_public_key_ex(nil, "X25519", nil, bytes, bytes.count) else {
            throw .crypto("EVP_PKEY_new_raw_public_key_ex")
        }
        unsafe raw = key
    }

    deinit {
        unsafe EVP_PKEY_free(raw)
    }
}
