/// The keys one object is sealed with.
public struct SealingKeys: Sendable {
    /// Hides the content; only its holder can read it.
    public let content: SecretKey
    /// Signs the stored bytes; its holder can check them without reading them.
    public let code: SecretKey
    /// Names the writer key that ``code`` comes from.
    public let writer: KeyFingerprint
    /// Names ``content``, where it is the data key of a run; empty when it is a key of the writer.
    public let keyName: String

    /// The keys one object is sealed with.
    ///
    /// - Parameters:
    ///   - content: Hides the content.
    ///   - code: Signs the stored bytes.
    ///   - writer: Names the writer key that `code` comes from.
    ///   - keyName: Names `content`, in at most 24 bytes; empty when it is a key of the writer.
    public init(content: SecretKey, code: SecretKey, writer: KeyFingerprint, keyName: String = "") {
        self.content = content
        self.code = code
        self.writer = writer
        self.keyName = keyName
    }
}

/// What a sealed object turned out to be.
public struct SealedTotals: Sendable, Hashable {
    /// Bytes that were sealed.
    public let contentBytes: Int
    /// Bytes of the object, header and code included.
    public let storedBytes: Int
    /// The code over all stored bytes, which is also their last 32 bytes.
    public let code: Digest
}

/// Seals a stream of bytes into one object: encrypted, bound to its name and kind, and signed.
///
/// Bytes are gathered into segments of 64 KiB. Each is sealed by AES-256-GCM with the STREAM nonce of its number and
/// the header and name of the object as associated data. The object ends with an HMAC-SHA-256 over its name and all
/// bytes before.
///
/// **No nonce is used twice.** A nonce is unique within one object because it counts the segments (2⁸⁸ of them fit)
/// and no segment follows the last one. Two objects never share a key: each object's key is HKDF-SHA-256 of the content
/// key with a random salt of 256 bits, so equal keys need equal salts, whose chance stays below 2⁻¹²⁸ for 2⁶⁴ objects. It
/// does not matter whether a name is used again, for instance after a crash. 64 KiB a message is far below the 64 GiB
/// limit of GCM.
public struct SealingSink<Sink: ByteSink & ~Copyable>: ~Copyable, ByteSink {
    private var sink: Sink
    private var cipher: AEADContext
    private var code: HMAC
    private var nonce = SegmentNonce()
    private var segment: ReusableBuffer
    private var sealed: ReusableBuffer
    private let associated: [UInt8]
    private var contentBytes = 0
    private var storedBytes = 0
    /// What went wrong first: a sink that lost bytes once never finishes.
    private var failure: (any Error)?

    /// Starts an object; its header is written at once.
    ///
    /// - Parameters:
    ///   - sink: Where the object goes.
    ///   - name: The object's name in its repository; a reader must give the same one.
    ///   - kind: What the object is for.
    ///   - codec: How the content is to be decoded.
    ///   - keys: What it is sealed with.
    /// - Throws: ``SealedStreamError`` when libcrypto fails, or what the sink throws.
    public init(
        _ sink: consuming Sink,
        name: String,
        kind: SealedObjectKind,
        codec: UInt8,
        keys: SealingKeys
    ) throws {
        let header = try SealedObjectHeader(kind: kind, codec: codec, writer: keys.writer, keyName: keys.keyName)
        let cipher = try AEADContext.sealing(.aes256GCM, key: try header.objectKey(from: keys.content))
        var code = try SealedObjectHeader.startCode(name: name, key: keys.code)
        let headerBytes = header.bytes
        try code.update(headerBytes)
        try sink.write(headerBytes)
        self.sink = sink
        self.cipher = cipher
        self.code = code
        associated = header.associatedBytes(name: name)
        segment = ReusableBuffer(capacity: SealedObjectHeader.segmentLength)
        sealed = ReusableBuffer(capacity: SealedObjectHeader.sealedSegmentLength)
        storedBytes = headerBytes.count
    }

    /// Seals the next bytes.
    ///
    /// - Parameter bytes: What comes next, of any length.
    /// - Throws: ``SealedStreamError`` when libcrypto fails, or what the sink throws.
    public mutating func write(_ bytes: RawSpan) throws {
        var rest = bytes
        // A full segment waits for one more byte, because only then it is known not to be the last one.
        while segment.count + rest.byteCount > SealedObjectHeader.segmentLength {
            let taken = SealedObjectHeader.segmentLength - segment.count
            segment.append(rest.extracting(first: taken))
            rest = rest.extracting(droppingFirst: taken)
            try sealSegment(last: false)
        }
        segment.append(rest)
        contentBytes += bytes.byteCount
    }

    /// Seals the last segment, signs the object and finishes the sink.
    ///
    /// - Throws: ``SealedStreamError`` when libcrypto fails, or what the sink throws.
    public consuming func finish() throws {
        _ = try finishObject()
    }

    /// Seals the last segment, signs the object and finishes the sink.
    ///
    /// - Returns: The sizes and the code of the object.
    /// - Throws: ``SealedStreamError`` when libcrypto fails, or what the sink throws.
    public consuming func finishObject() throws -> SealedTotals {
        try sealSegment(last: true)
        let contentBytes = contentBytes
        let storedBytes = storedBytes + Digest.byteCount
        let digest = try code.finish()
        try sink.write(digest.bytes)
        try sink.finish()
        return SealedTotals(contentBytes: contentBytes, storedBytes: storedBytes, code: digest)
    }

    private mutating func sealSegment(last: Bool) throws {
        if let failure { throw failure }
        do { try storeSegment(last: last) } catch {
            failure = error
            throw error
        }
    }

    private mutating func storeSegment(last: Bool) throws {
        nonce.mark(last: last)
        sealed.removeAll()
        try seal()
        try code.update(&sealed)
        try sealed.withBytes { try sink.write($0) }
        storedBytes += sealed.count
        segment.removeAll()
        if !last { nonce.advance() }
    }

    private mutating func seal() throws(SealedStreamError) {
        try segment.withBytes { (message) throws(SealedStreamError) in
            try cipher.seal(message, nonce: nonce, authenticating: associated, into: &sealed)
        }
    }
}

extension SealingSink: Sendable where Sink: Sendable & ~Copyable {}

extension HMAC {
    fileprivate mutating func update(_ buffer: inout ReusableBuffer) throws(SealedStreamError) {
        try buffer.withBytes { (bytes) throws(SealedStreamError) in try update(bytes) }
    }
}
