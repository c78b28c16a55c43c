/// Checks objects by their signature alone: what a machine can do that writes backups and cannot read them.
public enum SealedObjectCheck: Sendable {
    /// Reads an object to its end and checks its signature.
    ///
    /// - Parameters:
    ///   - source: Stands behind the object's header.
    ///   - header: The header that was read from it.
    ///   - name: The name the object should have.
    ///   - codeKey: The key of its signature.
    /// - Returns: The length of the whole object and its code.
    /// - Throws: ``SealedStreamError`` of the class corrupt, or what the source throws.
    public static func verify(
        _ source: consuming some ByteSource & ~Copyable,
        header: SealedObjectHeader,
        name: String,
        codeKey: SecretKey
    ) throws -> (storedBytes: Int, code: Digest) {
        try verify(source, after: header.bytes, name: name, codeKey: codeKey)
    }

    /// Reads an object of any version to its end and checks its signature.
    ///
    /// - Parameters:
    ///   - source: Stands behind the object's header.
    ///   - envelope: What was read from it.
    ///   - name: The name the object should have.
    ///   - codeKey: The key of its signature.
    /// - Returns: The length of the whole object and its code.
    /// - Throws: ``SealedStreamError`` of the class corrupt, or what the source throws.
    public static func verify(
        _ source: consuming some ByteSource & ~Copyable,
        envelope: SealedEnvelope,
        name: String,
        codeKey: SecretKey
    ) throws -> (storedBytes: Int, code: Digest) {
        try verify(source, after: envelope.bytes, name: name, codeKey: codeKey)
    }

    private static func verify(
        _ source: consuming some ByteSource & ~Copyable,
        after header: [UInt8],
        name: String,
        codeKey: SecretKey
    ) throws -> (storedBytes: Int, code: Digest) {
        var running = try SealedObjectHeader.startCode(name: name, key: codeKey)
        try running.update(header)
        var buffer = ReusableBuffer(capacity: SealedObjectHeader.segmentLength + Digest.byteCount)
        var storedBytes = SealedObjectHeader.byteCount
        while true {
            let added = try source.read(upTo: SealedObjectHeader.segmentLength, into: &buffer)
            storedBytes += added
            if added == 0 { break }
            // The last 32 bytes are the code; which bytes are the last ones is known at the end only.
            let ready = buffer.count - Digest.byteCount
            guard ready > 0 else { continue }
            try buffer.withBytes { (bytes) throws(SealedStreamError) in
                try running.update(bytes.extracting(first: ready))
            }
            buffer.removeFirst(ready)
        }
        guard buffer.count == Digest.byteCount else { throw SealedStreamError.corrupt(name, "was cut short") }
        let stored = buffer.array
        let expected = try running.finish()
        guard constantTimeEqual(expected.bytes, stored) else {
            throw SealedStreamError.corrupt(name, "was changed, cut or exchanged: its signature does not fit")
        }
        return (storedBytes, expected)
    }
}
