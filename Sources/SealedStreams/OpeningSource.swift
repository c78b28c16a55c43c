/// The keys one object is opened with.
public struct OpeningKeys: Sendable {
    /// The content key it was sealed with.
    public let content: SecretKey
    /// The key of its signature; without it the signature is not looked at, and the segments still prove the content.
    public let code: SecretKey?

    /// The keys one object is opened with.
    ///
    /// - Parameters:
    ///   - content: The content key it was sealed with.
    ///   - code: The key of its signature, where it is known.
    public init(content: SecretKey, code: SecretKey?) {
        self.content = content
        self.code = code
    }
}

/// Opens a sealed object as a stream: every byte it gives was checked before.
///
/// An object that was cut, continued, damaged, put together from others, or stored under another name ends in an error
/// of the class corrupt that names it. Whether a wrong key was used is told earlier, where keys are opened: a content
/// key comes out of a sealed key file and is right, or does not come out.
public struct OpeningSource<Source: ByteSource & ~Copyable>: ~Copyable, ByteSource {
    /// The header of the object.
    public let header: SealedObjectHeader
    /// The last 32 bytes of the object, once its last segment was opened.
    public private(set) var code: Digest?

    private let name: String
    private var source: Source
    private var cipher: AEADContext
    private var running: HMAC?
    private var nonce = SegmentNonce()
    private var sealed: ReusableBuffer
    private var content: ReusableBuffer
    private var position = 0
    /// What went wrong first: a source that failed once never says that it is at its end.
    private var failure: (any Error)?
    private let associated: [UInt8]

    /// One segment, the code behind it, and one byte that tells whether more follows.
    private static var lookAhead: Int { SealedObjectHeader.sealedSegmentLength + Digest.byteCount + 1 }

    /// Starts to open an object.
    ///
    /// - Parameters:
    ///   - source: Stands behind the object's header.
    ///   - header: The header that was read from it.
    ///   - name: The name the object should have.
    ///   - kind: The kind the object should have.
    ///   - keys: What to open it with.
    /// - Throws: ``SealedStreamError`` of the class corrupt when the object is of another kind.
    public init(
        _ source: consuming Source,
        header: SealedObjectHeader,
        name: String,
        kind: SealedObjectKind,
        keys: OpeningKeys
    ) throws(SealedStreamError) {
        guard header.kind == kind else { throw .corrupt(name, "is an object of another kind") }
        let cipher = try AEADContext.opening(.aes256GCM, key: try header.objectKey(from: keys.content))
        running = nil
        if let key = keys.code {
            var code = try SealedObjectHeader.startCode(name: name, key: key)
            try code.update(header.bytes)
            running = consume code
        }
        self.source = source
        self.cipher = cipher
        self.header = header
        self.name = name
        associated = header.associatedBytes(name: name)
        sealed = ReusableBuffer(capacity: Self.lookAhead)
        content = ReusableBuffer(capacity: SealedObjectHeader.segmentLength)
    }

    /// Appends the next bytes of the content.
    ///
    /// - Parameters:
    ///   - maximum: How many bytes to append at most.
    ///   - buffer: Where to append them.
    /// - Returns: How many bytes were appended; 0 at the end, when the whole object was found good.
    /// - Throws: ``SealedStreamError`` of the class corrupt, or what the source throws.
    public mutating func read(upTo maximum: Int, into buffer: inout ReusableBuffer) throws -> Int {
        while position == content.count {
            if let failure { throw failure }
            guard code == nil else { return 0 }
            do { try openSegment() } catch {
                failure = error
                throw error
            }
        }
        let length = min(maximum, content.count - position)
        let start = position
        content.withBytes { buffer.append($0.extracting(start..<start + length)) }
        position += length
        return length
    }

    private mutating func openSegment() throws {
        while sealed.count < Self.lookAhead {
            if try source.read(upTo: Self.lookAhead - sealed.count, into: &sealed) == 0 { break }
        }
        let isLast = sealed.count < Self.lookAhead
        let length = isLast ? sealed.count - Digest.byteCount : SealedObjectHeader.sealedSegmentLength
        guard length >= AEADCipher.tagLength else { throw SealedStreamError.corrupt(name, "was cut short") }
        let isEmpty = length == AEADCipher.tagLength
        guard !isEmpty || nonce.isFirst else { throw SealedStreamError.corrupt(name, "was cut short") }
        if isLast { try checkCode(segmentLength: length) }
        nonce.mark(last: isLast)
        content.removeAll()
        position = 0
        guard try open(length) else {
            throw SealedStreamError.corrupt(
                name, "was changed, cut or exchanged: segment \(nonce.counter + 1) is not genuine")
        }
        guard !isLast else { return }
        sealed.removeFirst(length)
        nonce.advance()
    }

    private mutating func open(_ length: Int) throws(SealedStreamError) -> Bool {
        try sealed.withBytes { (bytes) throws(SealedStreamError) in
            let segment = bytes.extracting(first: length)
            if sealed.count == Self.lookAhead { try running?.update(segment) }
            return try cipher.open(segment, nonce: nonce, authenticating: associated, into: &content)
        }
    }

    private mutating func checkCode(segmentLength: Int) throws(SealedStreamError) {
        let stored = try sealed.withBytes { (bytes) throws(SealedStreamError) in
            try running?.update(bytes.extracting(first: segmentLength))
            return unsafe bytes.extracting(last: Digest.byteCount).withUnsafeBytes { unsafe Array($0) }
        }
        code = Digest(bytes: stored)
        guard let running = running.take() else { return }
        let expected = try running.finish()
        guard constantTimeEqual(expected.bytes, stored) else {
            throw .corrupt(name, "was changed, cut or exchanged: its signature does not fit")
        }
    }
}

extension OpeningSource: Sendable where Source: Sendable & ~Copyable {}
