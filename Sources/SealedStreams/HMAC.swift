import CCrypto

/// A running HMAC-SHA-256.
@safe public struct HMAC: ~Copyable, @unchecked Sendable {
    // `@unchecked`: the context has one owner, and moving it to another thread moves the only pointer.
    private let context: OpaquePointer

    /// Starts an authentication code.
    ///
    /// The corresponding libcrypto function is `EVP_MAC_init`.
    ///
    /// - Parameter key: The key of 32 bytes.
    /// - Throws: ``SealedStreamError`` when libcrypto fails.
    public init(key: SecretKey) throws(SealedStreamError) {
        try self.init(key: key.bytes)
    }

    /// Starts an authentication code under a key of any length.
    init(key: SecretBytes) throws(SealedStreamError) {
        guard let algorithm = unsafe EVP_MAC_fetch(nil, "HMAC", nil) else { throw .crypto("EVP_MAC_fetch") }
        defer { unsafe EVP_MAC_free(algorithm) }
        guard let context = unsafe EVP_MAC_CTX_new(algorithm) else { throw .crypto("EVP_MAC_CTX_new") }
        let status = key.withBytes { key in unsafe key.withUnsafeBytes { unsafe Self.start(context, key: $0) } }
        guard status == 1 else {
            unsafe EVP_MAC_CTX_free(context)
            throw .crypto("EVP_MAC_init")
        }
        unsafe self.context = context
    }

    deinit {
        unsafe EVP_MAC_CTX_free(context)
    }

    /// The authentication code of bytes that are all there.
    ///
    /// - Parameters:
    ///   - bytes: What to authenticate.
    ///   - key: The key of 32 bytes.
    /// - Returns: Its HMAC-SHA-256.
    /// - Throws: ``SealedStreamError`` when libcrypto fails.
    public static func code(_ bytes: RawSpan, key: SecretKey) throws(SealedStreamError) -> Digest {
        try code(bytes, key: key.bytes)
    }

    /// The authentication code of bytes that are all there, under a key of any length.
    ///
    /// - Parameters:
    ///   - bytes: What to authenticate.
    ///   - key: The key.
    /// - Returns: Its HMAC-SHA-256.
    /// - Throws: ``SealedStreamError`` when libcrypto fails.
    public static func code(_ bytes: RawSpan, key: SecretBytes) throws(SealedStreamError) -> Digest {
        var running = try HMAC(key: key)
        try running.update(bytes)
        return try running.finish()
    }

    /// The authentication code of bytes that are all there.
    ///
    /// - Parameters:
    ///   - bytes: What to authenticate.
    ///   - key: The key of 32 bytes.
    /// - Returns: Its HMAC-SHA-256.
    /// - Throws: ``SealedStreamError`` when libcrypto fails.
    public static func code(_ bytes: [UInt8], key: SecretKey) throws(SealedStreamError) -> Digest {
        try unsafe code(bytes.span.bytes, key: key.bytes)
    }

    static func code(_ bytes: [UInt8], key: SecretBytes) throws(SealedStreamError) -> Digest {
        try unsafe code(bytes.span.bytes, key: key)
    }

    /// Adds bytes.
    ///
    /// - Parameter bytes: What comes next.
    /// - Throws: ``SealedStreamError`` when libcrypto fails.
    public mutating func update(_ bytes: RawSpan) throws(SealedStreamError) {
        let status = unsafe bytes.withUnsafeBytes { buffer in
            unsafe EVP_MAC_update(context, buffer.baseAddress?.assumingMemoryBound(to: UInt8.self), buffer.count)
        }
        guard status == 1 else { throw .crypto("EVP_MAC_update") }
    }

    mutating func update(_ bytes: [UInt8]) throws(SealedStreamError) {
        try unsafe update(bytes.span.bytes)
    }

    /// Ends the code.
    ///
    /// - Returns: The HMAC-SHA-256 of all bytes added.
    /// - Throws: ``SealedStreamError`` when libcrypto fails.
    public consuming func finish() throws(SealedStreamError) -> Digest {
        var bytes = [UInt8](repeating: 0, count: Digest.byteCount)
        var written = 0
        guard unsafe EVP_MAC_final(context, &bytes, &written, bytes.count) == 1 else { throw .crypto("EVP_MAC_final") }
        return Digest(bytes: bytes)
    }

    private static func start(_ context: OpaquePointer, key: UnsafeRawBufferPointer) -> Int32 {
        var name = Array("SHA256".utf8CString)
        return unsafe name.withUnsafeMutableBufferPointer { name in
            var parameters = unsafe [
                OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name.baseAddress, 0),
                OSSL_PARAM_construct_end(),
            ]
            // An empty key is legal for HMAC, but a null pointer means "keep the old key" to libcrypto.
            var none: UInt8 = 0
            guard let start = unsafe key.baseAddress?.assumingMemoryBound(to: UInt8.self) else {
                return unsafe EVP_MAC_init(context, &none, 0, &parameters)
            }
            return unsafe EVP_MAC_init(context, start, key.count, &parameters)
        }
    }
}

/// Compares two secrets or codes in a time that does not depend on where they differ.
///
/// - Parameters:
///   - left: Some bytes.
///   - right: Some other bytes.
/// - Returns: Whether they are the same. Different lengths are told at once.
public func constantTimeEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    guard left.count == right.count else { return false }
    return unsafe left.withUnsafeBytes { left in
        unsafe right.withUnsafeBytes { right in
            unsafe CRYPTO_memcmp(left.baseAddress, right.baseAddress, left.count) == 0
        }
    }
}
