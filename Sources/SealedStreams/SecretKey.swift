/// A symmetric key of 32 bytes that tasks may share; zeroed when the last owner lets go.
public struct SecretKey: Sendable {
    /// The length of every symmetric key here.
    public static let byteCount = 32

    let bytes: SecretBytes

    /// A new random key.
    ///
    /// - Throws: ``SealedStreamError`` when the system has no random bytes.
    public init() throws(SealedStreamError) {
        bytes = try RandomBytes.secret(count: Self.byteCount)
    }

    /// A key from its bytes.
    ///
    /// - Parameter bytes: Exactly 32 bytes.
    public init(_ bytes: RawSpan) {
        precondition(bytes.byteCount == Self.byteCount, "A symmetric key has 32 bytes")
        self.bytes = SecretBytes(bytes)
    }

    /// A key from its bytes.
    ///
    /// - Parameter bytes: Exactly 32 bytes.
    public init(_ bytes: [UInt8]) {
        self.init(SecretBytes(bytes))
    }

    init(_ bytes: SecretBytes) {
        precondition(bytes.count == Self.byteCount, "A symmetric key has 32 bytes")
        self.bytes = bytes
    }

    /// Another key for another purpose, made of this one by HKDF-SHA-256 without salt.
    ///
    /// - Parameter label: The purpose. Keys of different labels tell nothing about each other.
    /// - Returns: The same key for the same label, every time.
    /// - Throws: ``SealedStreamError`` when libcrypto fails.
    public func derived(_ label: String) throws(SealedStreamError) -> SecretKey {
        SecretKey(try KeyDerivation.hkdf(bytes, salt: [], info: Array(label.utf8), count: Self.byteCount))
    }

    /// Lends the bytes for the time of a call.
    ///
    /// - Parameter body: Gets the bytes; it must not keep a copy.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws.
    public func withBytes<Result, Failure: Error>(
        _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try bytes.withBytes(body)
    }
}
