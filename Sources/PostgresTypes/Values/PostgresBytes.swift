/// A value of type `bytea`.
///
/// See PostgreSQL 15 manual, section 8.4 "Binary Data Types".
public struct PostgresBytes: PostgresValue, Hashable, CustomStringConvertible, ExpressibleByArrayLiteral, Sendable {
    /// The bytes.
    public var bytes: [UInt8]

    /// A value of its bytes.
    ///
    /// - Parameter bytes: The bytes.
    public init(_ bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

    /// Bytes written as a literal.
    ///
    /// - Parameter elements: The bytes.
    public init(arrayLiteral elements: UInt8...) { bytes = elements }

    /// Reads both forms: `\x00ff`, and the older one with `\000` for what cannot be printed.
    public init(postgresText: String) throws(PostgresValueError) {
        let found =
            postgresText.hasPrefix("\\x") ? Self.hex(postgresText.utf8.dropFirst(2)) : Self.escaped(postgresText)
        guard let found else { throw PostgresValueError("a text of \(postgresText.utf8.count) bytes is no bytea") }
        bytes = found
    }

    /// The bytes in hexadecimal, such as `\x00ff`.
    public var postgresText: String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = Array("\\x".utf8)
        text.reserveCapacity(2 + 2 * bytes.count)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
    /// The bytes in hexadecimal, such as `\x00ff`.
    public var description: String { postgresText }

    private static func hex(_ digits: Substring.UTF8View) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count / 2)
        var high: UInt8?
        for digit in digits {
            guard let value = digit.hexadecimalValue else { return nil }
            if let first = high {
                bytes.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return high == nil ? bytes : nil
    }

    private static func escaped(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        var rest = text[...].utf8
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "\\") else {
                bytes.append(byte)
                continue
            }
            if rest.first == UInt8(ascii: "\\") {
                bytes.append(byte)
                rest = rest.dropFirst()
                continue
            }
            guard let value = UInt8(Substring(rest.prefix(3)), radix: 8), rest.count >= 3 else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(3)
        }
        return bytes
    }
}
