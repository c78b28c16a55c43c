/// What an object is for.
///
/// The kind is sealed in, so that one cannot be taken for another.
public struct SealedObjectKind: RawRepresentable, Sendable, Hashable {
    /// The byte in the header.
    public let rawValue: UInt8

    /// A kind by its byte.
    ///
    /// - Parameter rawValue: The byte in the header.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Rows of one table.
    public static let chunk = SealedObjectKind(rawValue: 1)
    /// A schema dump or another document of a run.
    public static let schema = SealedObjectKind(rawValue: 2)
    /// The document that makes a backup exist.
    public static let manifest = SealedObjectKind(rawValue: 3)
    /// A run that is at work.
    public static let claim = SealedObjectKind(rawValue: 4)
    /// A note on a backup or a key: deleted, verified, retired.
    public static let mark = SealedObjectKind(rawValue: 5)
    /// The digests of page ranges, by which the next backup finds what has changed.
    public static let index = SealedObjectKind(rawValue: 6)
}

/// The first 72 bytes of every sealed object.
///
/// | bytes | content |
/// |---|---|
/// | 0–3 | `WHDB` |
/// | 4 | format version, 1 |
/// | 5 | kind |
/// | 6 | codec of the content |
/// | 7 | binary logarithm of the segment length, 16 |
/// | 8–15 | fingerprint of the writer key whose code ends the object |
/// | 16–47 | random salt of the object's own key |
/// | 48–71 | name of the data key it is sealed with, filled up with zeros; only zeros: a key of the writer |
public struct SealedObjectHeader: Sendable, Hashable {
    /// The length of the header.
    public static let byteCount = 72
    /// The only version this program writes and reads.
    public static let version: UInt8 = 1
    /// The longest name of a data key.
    public static let longestKeyName = 24

    static let magic = Array("WHDB".utf8)
    static let segmentLog: UInt8 = 16
    static let saltLength = 32
    static let segmentLength = 1 << 16
    static let sealedSegmentLength = segmentLength + AEADCipher.tagLength

    /// What the object is for.
    public let kind: SealedObjectKind
    /// How the content is to be decoded.
    public let codec: UInt8
    /// The writer key that signed the object.
    public let writer: KeyFingerprint
    /// The name of the data key the object is sealed with; empty when it is a key of the writer.
    public let keyName: String
    let salt: [UInt8]

    init(
        kind: SealedObjectKind,
        codec: UInt8,
        writer: KeyFingerprint,
        keyName: String
    ) throws(SealedStreamError) {
        precondition(keyName.utf8.count <= Self.longestKeyName, "The name of a data key has at most 24 bytes")
        self.kind = kind
        self.codec = codec
        self.writer = writer
        self.keyName = keyName
        salt = try RandomBytes.bytes(count: Self.saltLength)
    }

    /// Reads and checks the header of an object.
    ///
    /// - Parameters:
    ///   - source: Stands at the first byte of the object and is left behind the header.
    ///   - name: The object's name, for messages.
    /// - Throws: ``SealedStreamError``: corrupt when this is no sealed object, unsupported version when it is a newer
    ///   one; or what the source throws.
    public init(from source: inout some ByteSource & ~Copyable, name: String) throws {
        try self.init(try SealedEnvelope(from: &source, name: name), name: name)
    }

    /// Checks the header of an object.
    ///
    /// - Parameters:
    ///   - envelope: How the object begins.
    ///   - name: The object's name, for messages.
    /// - Throws: ``SealedStreamError``: corrupt when it cannot be, unsupported version when it says that it is a newer
    ///   one.
    public init(_ envelope: SealedEnvelope, name: String) throws(SealedStreamError) {
        guard envelope.isKnown else { throw envelope.unknownVersion(of: name) }
        let bytes = envelope.bytes
        guard bytes[7] == Self.segmentLog else { throw .corrupt(name, "has an impossible segment length") }
        kind = SealedObjectKind(rawValue: bytes[5])
        codec = bytes[6]
        writer = KeyFingerprint(bytes: Array(bytes[8..<16]))
        salt = Array(bytes[16..<48])
        let text = bytes[48...].prefix { $0 != 0 }
        guard text.allSatisfy({ (33...126).contains($0) }), bytes[(48 + text.count)...].allSatisfy({ $0 == 0 }) else {
            throw .corrupt(name, "names an impossible data key")
        }
        keyName = String(decoding: text, as: UTF8.self)
    }

    init(parsing bytes: [UInt8], name: String) throws(SealedStreamError) {
        try self.init(try SealedEnvelope(bytes: bytes, name: name), name: name)
    }

    var bytes: [UInt8] {
        let unused = [UInt8](repeating: 0, count: Self.longestKeyName - keyName.utf8.count)
        return Self.magic + [Self.version, kind.rawValue, codec, Self.segmentLog] + writer.bytes + salt
            + Array(keyName.utf8) + unused
    }

    /// The key of this one object.
    func objectKey(from content: SecretKey) throws(SealedStreamError) -> SecretKey {
        let info = Array("wheels-db sealed object".utf8)
        return SecretKey(
            try KeyDerivation.hkdf(content.bytes, salt: salt, info: info, count: SecretKey.byteCount)
        )
    }

    /// What every segment is bound to: the header and the object's name.
    func associatedBytes(name: String) -> [UInt8] {
        bytes + Array(name.utf8)
    }

    /// The code over the name and the stored bytes, begun.
    static func startCode(name: String, key: SecretKey) throws(SealedStreamError) -> HMAC {
        var code = try HMAC(key: key)
        let text = Array(name.utf8)
        precondition(text.count <= UInt16.max, "An object's name has at most 65,535 bytes")
        let length = [UInt8(text.count >> 8), UInt8(text.count & 255)]
        try code.update((length + text))
        return code
    }
}

/// Eight bytes that name a key without telling anything about it.
public struct KeyFingerprint: Sendable, Hashable, CustomStringConvertible {
    /// The length of a fingerprint.
    public static let byteCount = 8

    let bytes: [UInt8]

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The fingerprint of a key.
    ///
    /// - Parameter key: Any key.
    /// - Throws: ``SealedStreamError`` when libcrypto fails.
    public init(of key: SecretKey) throws(SealedStreamError) {
        let derived = try key.derived("wheels-db key fingerprint")
        let digest = try derived.withBytes { (bytes) throws(SealedStreamError) in try SHA256.digest(bytes) }
        bytes = Array(digest.bytes.prefix(Self.byteCount))
    }

    /// A fingerprint from its 16 hexadecimal digits.
    ///
    /// - Parameter hex: 16 digits; anything else gives `nil`.
    public init?(hex: String) {
        guard let bytes = Hexadecimal.bytes(hex), bytes.count == Self.byteCount else { return nil }
        self.bytes = bytes
    }

    /// 16 lower-case hexadecimal digits.
    public var description: String { Hexadecimal.text(bytes) }
}
