/// What every version of a sealed object has: how it begins, who signed it, and the code at its end.
///
/// So it can be told of an object of any version whether it is the one that was written: one whose version byte was
/// changed is damaged, one whose code holds was written by a newer program.
public struct SealedEnvelope: Sendable {
    /// The version that the object says it has.
    public let version: UInt8
    /// The writer key that signed the object.
    public let writer: KeyFingerprint
    let bytes: [UInt8]

    /// Reads how an object begins.
    ///
    /// - Parameters:
    ///   - source: Stands at the first byte of the object and is left behind the header.
    ///   - name: The object's name, for messages.
    /// - Throws: ``SealedStreamError`` of the class corrupt when this is no sealed object, or what the source throws.
    public init(from source: inout some ByteSource & ~Copyable, name: String) throws {
        var buffer = ReusableBuffer(capacity: SealedObjectHeader.byteCount)
        while buffer.count < SealedObjectHeader.byteCount {
            guard try source.read(upTo: SealedObjectHeader.byteCount - buffer.count, into: &buffer) > 0 else {
                throw SealedStreamError.corrupt(name, buffer.isEmpty ? "is empty" : "ends inside its header")
            }
        }
        try self.init(bytes: buffer.array, name: name)
    }

    init(bytes: [UInt8], name: String) throws(SealedStreamError) {
        guard bytes.count == SealedObjectHeader.byteCount, bytes.starts(with: SealedObjectHeader.magic) else {
            throw .corrupt(name, "does not begin like an object of a wheels-db repository")
        }
        self.bytes = bytes
        version = bytes[4]
        writer = KeyFingerprint(bytes: Array(bytes[8..<16]))
    }

    /// Whether this program reads the version.
    public var isKnown: Bool { version == SealedObjectHeader.version }

    /// Says that the version is not known.
    ///
    /// - Parameter name: The object's name.
    /// - Returns: An error of the class `FailureClass.unsupportedVersion`.
    public func unknownVersion(of name: String) -> SealedStreamError {
        .unsupportedVersion(name, "has format version \(version)")
    }
}
