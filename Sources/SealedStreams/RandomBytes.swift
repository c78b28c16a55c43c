import CCrypto

/// Random bytes of the system's cryptographic generator.
public enum RandomBytes: Sendable {
    /// Random bytes that need not stay secret, such as salts and ids.
    ///
    /// The corresponding libcrypto function is `RAND_bytes`.
    ///
    /// - Parameter count: How many.
    /// - Returns: That many bytes.
    /// - Throws: ``SealedStreamError`` when the system has no random bytes.
    public static func bytes(count: Int) throws(SealedStreamError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let status = unsafe bytes.withUnsafeMutableBytes { unsafe fill($0) }
        guard status == 1 else { throw .crypto("RAND_bytes") }
        return bytes
    }

    static func secret(count: Int) throws(SealedStreamError) -> SecretBytes {
        try unsafe SecretBytes(count: count) { (buffer) throws(SealedStreamError) in
            guard unsafe fill(buffer) == 1 else { throw .crypto("RAND_bytes") }
        }
    }

    private static func fill(_ buffer: UnsafeMutableRawBufferPointer) -> Int32 {
        unsafe RAND_bytes(buffer.baseAddress?.assumingMemoryBound(to: UInt8.self), Int32(buffer.count))
    }
}
