public import SealedStreams

/// What a manifest notes of an object: enough to find it, to plan with it and to know it again.
public struct StoredObject: Sendable, Hashable, Codable {
    /// Where it is in the repository, such as `chunks/20261123T021500Z-7f3a9c/…`.
    public let name: BlobName
    /// The length of the object.
    public let storedBytes: Int
    /// The length of what was put in.
    public let rawBytes: Int
    /// The HMAC-SHA-256 at the object's end, under the writer key: proves the stored bytes without opening them.
    public let code: Digest

    /// What a manifest notes of an object.
    ///
    /// - Parameters:
    ///   - name: Where it is in the repository.
    ///   - storedBytes: The length of the object.
    ///   - rawBytes: The length of what was put in.
    ///   - code: The code at the object's end.
    public init(name: BlobName, storedBytes: Int, rawBytes: Int, code: Digest) {
        self.name = name
        self.storedBytes = storedBytes
        self.rawBytes = rawBytes
        self.code = code
    }
}
