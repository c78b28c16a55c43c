import SealedStreams

/// Keys as one line of text: a label, the bytes in hexadecimal, and a check that finds typing errors.
enum SecretText {
    static func text(_ key: SecretKey, label: String) throws -> String {
        let bytes = key.withBytes { span in (0..<span.byteCount).map { span.unsafeByte(at: $0) } }
        return "\(label):\(Hexadecimal.text(bytes)):\(try check(bytes, label))"
    }

    static func key(_ text: String, label: String) throws -> SecretKey? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == label, let bytes = Hexadecimal.bytes(String(parts[1])),
            bytes.count == SecretKey.byteCount, try parts[2] == check(bytes, label)
        else { return nil }
        return SecretKey(bytes)
    }

    private static func check(_ bytes: [UInt8], _ label: String) throws -> String {
        Hexadecimal.text(try SHA256.digest(Array(label.utf8) + bytes).bytes.prefix(4))
    }
}

extension RawSpan {
    /// One byte; the place is checked.
    func unsafeByte(at place: Int) -> UInt8 {
        unsafe unsafeLoad(fromByteOffset: place, as: UInt8.self)
    }
}
