import CCrypto

/// Keys from keys (HKDF, RFC 5869) and keys from passphrases (scrypt, RFC 7914).
enum KeyDerivation {
    /// HKDF with SHA-256.
    ///
    /// - Parameters:
    ///   - secret: The input key.
    ///   - salt: A value that is not secret; empty counts as 32 zero bytes.
    ///   - info: What the new key is for.
    ///   - count: How many bytes to make, at most 8,160.
    /// - Returns: The derived bytes.
    /// - Throws: ``SealedStreamError`` when libcrypto fails.
    static func hkdf(
        _ secret: SecretBytes,
        salt: [UInt8],
        info: [UInt8],
        count: Int
    ) throws(SealedStreamError) -> SecretBytes {
        precondition(count <= 255 * Digest.byteCount, "HKDF makes at most 255 blocks")
        let saltKey = SecretBytes(salt)
        let extracted = try secret.withBytes { (bytes) throws(SealedStreamError) in
            SecretBytes(try HMAC.code(bytes, key: saltKey).bytes)
        }
        var output: [UInt8] = []
        var block: [UInt8] = []
        var counter: UInt8 = 1
        while output.count < count {
            block = try HMAC.code(block + info + [counter], key: extracted).bytes
            output += block
            counter &+= 1
        }
        let result = SecretBytes(Array(output.prefix(count)))
        wipe(&output)
        wipe(&block)
        return result
    }

    /// scrypt with r = 8 and p = 1 unless told otherwise.
    ///
    /// The corresponding libcrypto function is `EVP_PBE_scrypt`.
    ///
    /// - Parameters:
    ///   - passphrase: What the person typed.
    ///   - salt: A random value that is not secret.
    ///   - workFactor: The binary logarithm of N. Time and memory double with each step; 18 takes 256 MiB.
    ///   - blockSize: The parameter r.
    ///   - parallelism: The parameter p.
    ///   - count: How many bytes to make.
    /// - Returns: The derived bytes.
    /// - Throws: ``SealedStreamError`` when there is not enough memory.
    static func scrypt(
        _ passphrase: SecretBytes,
        salt: [UInt8],
        workFactor: Int,
        blockSize: Int = 8,
        parallelism: Int = 1,
        count: Int
    ) throws(SealedStreamError) -> SecretBytes {
        let cost = UInt64(1) << UInt64(workFactor)
        let memory = 128 * UInt64(blockSize) * (cost + UInt64(parallelism) + 4)
        return try unsafe SecretBytes(count: count) { (output) throws(SealedStreamError) in
            let status = passphrase.withBytes { passphrase in
                unsafe passphrase.withUnsafeBytes { passphrase in
                    unsafe EVP_PBE_scrypt(
                        passphrase.baseAddress?.assumingMemoryBound(to: CChar.self),
                        passphrase.count,
                        salt,
                        salt.count,
                        cost,
                        UInt64(blockSize),
                        UInt64(parallelism),
                        memory,
                        output.baseAddress?.assumingMemoryBound(to: UInt8.self),
                        output.count
                    )
                }
            }
            guard status == 1 else { throw .crypto("EVP_PBE_scrypt") }
        }
    }

    private static func wipe(_ bytes: inout [UInt8]) {
        unsafe bytes.withUnsafeMutableBytes { unsafe OPENSSL_cleanse($0.baseAddress, $0.count) }
    }
}
