/// A digest or authentication code of 32 bytes.
public struct Digest: Sendable, Hashable, CustomStringConvertible {
    /// The length of every digest here.
    public static let byteCount = 32

    /// The 32 bytes.
    public let bytes: [UInt8]

    init(bytes: [UInt8]) {
        precondition(bytes.count == Self.byteCount, "A digest has 32 bytes")
        self.bytes = bytes
    }

    /// A digest from its hexadecimal form.
    ///
    /// - Parameter hex: 64 hexadecimal digits; anything else gives `nil`.
    public init?(hex: String) {
        guard let bytes = Hexadecimal.bytes(hex), bytes.count == Self.byteCount else { return nil }
        self.bytes = bytes
    }

    /// 64 lower-case hexadecimal digits.
    public var description: String { Hexadecimal.text(bytes) }
}

extension Digest: Codable {
    /// Reads the hexadecimal form.
    ///
    /// - Parameter decoder: Holds one string.
    /// - Throws: `DecodingError` when it is not 64 hexadecimal digits.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let digest = Digest(hex: text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "A digest is 64 hex digits")
        }
        self = digest
    }

    /// Writes the hexadecimal form.
    ///
    /// - Parameter encoder: Gets one string.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// Bytes as lower-case hexadecimal digits.
public enum Hexadecimal: Sendable {
    private static let digits = Array("0123456789abcdef".utf8)

    /// The digits of some bytes.
    ///
    /// - Parameter bytes: Any bytes.
    /// - Returns: Two digits a byte.
    public static func text(_ bytes: some Sequence<UInt8>) -> String {
        String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// The bytes of some digits.
    ///
    /// - Parameter text: Hexadecimal digits.
    /// - Returns: The bytes, or `nil` when a character is no digit or the number of digits is odd.
    public static func bytes(_ text: String) -> [UInt8]? {
        let nibbles = text.utf8.map { Character(UnicodeScalar($0)).hexDigitValue }
        guard nibbles.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(nibbles.count / 2)
        for index in stride(from: 0, to: nibbles.count, by: 2) {
            guard let high = nibbles[index], let low = nibbles[index + 1] else { return nil }
            bytes.append(UInt8(high << 4 | low))
        }
        return bytes
    }
}
