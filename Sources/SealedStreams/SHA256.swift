import CCrypto

/// A running SHA-256.
@safe public struct SHA256: ~Copyable, @unchecked Sendable {
    // `@unchecked`: the context has one owner, and moving it to another thread moves the only pointer.
    private let context: OpaquePointer

    /// Starts a digest of nothing yet.
    ///
    /// The corresponding libcrypto function is `EVP_DigestInit_ex`.
    ///
    /// - Throws: ``SealedStreamError`` when libcrypto fails.
    public init() throws(SealedStreamError) {
        guard let context = unsafe EVP_MD_CTX_new() else { throw .crypto("EVP_MD_CTX_new") }
        guard unsafe EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
            unsafe EVP_MD_CTX_free(context)
            throw .crypto("EVP_DigestInit_ex")
        }
        unsafe self.context = context
    }

    deinit {
        unsafe EVP_MD_CTX_free(context)
    }

    /// The digest of bytes that are all there.
    ///
    /// - Parameter bytes: What to digest.
    /// - Returns: Its SHA-256.
    /// - Throws: ``SealedStreamError`` when libcrypto fails.
    public static func digest(_ bytes: RawSpan) throws(SealedStreamError) -> Digest {
        var running = try SHA256()
        try running.update(bytes)
        return try running.finish()
    }

    /// The digest of bytes that are all there.
    ///
    /// - Parameter bytes: What to digest.
    /// - Returns: Its SHA-256.
    /// - Throws: ``SealedStreamError`` when libcrypto fails.
    public static func digest(_ bytes: [UInt8]) throws(SealedStreamError) -> Digest {
        try unsafe digest(bytes.span.bytes)
    }

    /// Adds bytes.
    ///
    /// - Parameter bytes: What comes next.
    /// - Throws: ``SealedStreamError`` when libcrypto fails.
    public mutating func update(_ bytes: RawSpan) throws(SealedStreamError) {
        let status = unsafe bytes.withUnsafeBytes { unsafe EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
        guard status == 1 else { throw .crypto("EVP_DigestUpdate") }
    }

    /// Ends the digest.
    ///
    /// - Returns: The SHA-256 of all bytes added.
    /// - Throws: ``SealedStreamError`` when libcrypto fails.
    public consuming func finish() throws(SealedStreamError) -> Digest {
        var bytes = [UInt8](repeating: 0, count: Digest.byteCount)
        guard unsafe EVP_DigestFinal_ex(context, &bytes, nil) == 1 else { throw .crypto("EVP_DigestFinal_ex") }
        return Digest(bytes: bytes)
    }
}
