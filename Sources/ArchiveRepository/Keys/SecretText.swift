import SealedStreams

/// Keys as one line of text: a label, the bytes in hexadecimal, more where there is more, and a check that finds typing
/// errors.
enum SecretText {
    static func text(_ key: SecretKey, extra: String? = nil, label: String) throws -> String {
        let bytes = key.withBytes { span in (0..<span.byteCount).map { span.unsafeByte(at: $0) } }
        let body = ([label, Hexadecimal.text(bytes)] + [extra].compactMap(\.self)).joined(separator: ":")
        return "\(body):\(try check(body))"
    }

    /// The key of a line, and what stood behind it.
    static func key(_ text: String, label: String) throws -> (key: SecretKey, extra: String)? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard (3...4).contains(parts.count), parts[0] == label, let bytes = Hexadecimal.bytes(String(parts[1])),
            bytes.count == SecretKey.byteCount,
            try parts[parts.count - 1] == check(parts.dropLast().joined(separator: ":"))
        else { return nil }
        return (SecretKey(bytes), parts.count == 4 ? String(parts[2]) : "")
    }

    private static func check(_ body: String) throws -> String {
        Hexadecimal.text(try SHA256.digest(Array(body.utf8)).bytes.prefix(4))
    }
}

extension RawSpan {
    /// One byte; the place is checked.
    func unsafeByte(at place: Int) -> UInt8 {
        unsafe unsafeLoad(fromByteOffset: place, as: UInt8.self)
    }
}
