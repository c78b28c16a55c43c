import CCrypto

/// MD5, which protects nothing, but which stores ask for to find bytes that were damaged on the way.
public enum MD5: Sendable {
    /// The digest of bytes that are all there.
    ///
    /// The corresponding libcrypto function is `EVP_Digest`.
    ///
    /// - Parameter bytes: What to digest.
    /// - Returns: The 16 bytes; `nil` where libcrypto does not offer MD5, as in FIPS mode.
    public static func digest(_ bytes: RawSpan) -> [UInt8]? {
        var digest = [UInt8](repeating: 0, count: 16)
        let status = unsafe bytes.withUnsafeBytes { bytes in
            unsafe EVP_Digest(bytes.baseAddress, bytes.count, &digest, nil, EVP_md5(), nil)
        }
        return status == 1 ? digest : nil
    }
}
