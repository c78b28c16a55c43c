import CCrypto
import CZstd

/// The libraries that run, which need not be those that the program was built with.
public enum LibraryVersions: Sendable {
    /// zstd's version, such as `1.5.4`.
    ///
    /// The corresponding function is `ZSTD_versionString`.
    public static var zstd: String { unsafe String(cString: ZSTD_versionString()) }

    /// OpenSSL's version, such as `3.0.15`.
    ///
    /// The corresponding function is `OpenSSL_version`.
    public static var openSSL: String {
        // The text is `OpenSSL 3.0.15 3 Sep 2024`; other forks name themselves first as well.
        let words = unsafe String(cString: OpenSSL_version(OPENSSL_VERSION)).split(separator: " ")
        return words.count > 1 ? String(words[1]) : words.joined()
    }
}
