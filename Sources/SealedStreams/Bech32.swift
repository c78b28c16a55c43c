/// Text with a checksum that finds every typing mistake of up to four characters (BIP 173, without its length limit).
///
/// age keys have this form, and ours have it too: a human-readable prefix, `1`, then 5 bits a character.
public enum Bech32: Sendable {
    private static let alphabet = Array("qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8)
    private static let generators: [UInt32] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3]
    private static let checksumLength = 6

    /// The lower-case text of some bytes.
    ///
    /// - Parameters:
    ///   - prefix: What kind of thing it is, in lower case.
    ///   - bytes: The bytes.
    /// - Returns: The prefix, `1`, the bytes and the checksum.
    public static func text(prefix: String, _ bytes: [UInt8]) -> String {
        let values = regroup(bytes, from: 8, to: 5, pad: true) ?? []
        let padded = expand(prefix) + values + [UInt8](repeating: 0, count: checksumLength)
        let remainder = checksum(padded) ^ 1
        let check = (0..<checksumLength).map { UInt8(remainder >> UInt32(5 * (5 - $0)) & 31) }
        return prefix + "1" + String(decoding: (values + check).map { alphabet[Int($0)] }, as: UTF8.self)
    }

    /// The prefix and bytes of a text.
    ///
    /// - Parameter text: All in lower case or all in upper case.
    /// - Returns: The prefix in lower case and the bytes; `nil` when a character, the checksum or the padding is wrong.
    public static func parse(_ text: String) -> (prefix: String, bytes: [UInt8])? {
        // Letters beyond ASCII could become letters of the alphabet in lower case.
        guard text.utf8.allSatisfy({ $0 < 128 }) else { return nil }
        guard text == text.lowercased() || text == text.uppercased() else { return nil }
        let lowered = text.lowercased()
        guard let separator = lowered.lastIndex(of: "1"), separator > lowered.startIndex else { return nil }
        let prefix = String(lowered[..<separator])
        guard prefix.utf8.allSatisfy({ (33...126).contains($0) }) else { return nil }
        var values: [UInt8] = []
        for character in lowered[lowered.index(after: separator)...].utf8 {
            guard let value = alphabet.firstIndex(of: character) else { return nil }
            values.append(UInt8(value))
        }
        guard values.count >= checksumLength, checksum(expand(prefix) + values) == 1 else { return nil }
        guard let bytes = regroup(values.dropLast(checksumLength), from: 5, to: 8, pad: false) else { return nil }
        return (prefix, bytes)
    }

    private static func expand(_ prefix: String) -> [UInt8] {
        prefix.utf8.map { $0 >> 5 } + [0] + prefix.utf8.map { $0 & 31 }
    }

    private static func checksum(_ values: [UInt8]) -> UInt32 {
        var sum: UInt32 = 1
        for value in values {
            let top = sum >> 25
            sum = (sum & 0x1ff_ffff) << 5 ^ UInt32(value)
            for (bit, generator) in generators.enumerated() where top >> UInt32(bit) & 1 == 1 {
                sum ^= generator
            }
        }
        return sum
    }

    private static func regroup(_ values: some Sequence<UInt8>, from: Int, to: Int, pad: Bool) -> [UInt8]? {
        var held: UInt32 = 0
        var bits = 0
        var result: [UInt8] = []
        for value in values {
            held = (held << UInt32(from) | UInt32(value)) & 0xfff
            bits += from
            while bits >= to {
                bits -= to
                result.append(UInt8(truncatingIfNeeded: held >> UInt32(bits) & (1 << UInt32(to) - 1)))
            }
        }
        let rest = UInt8(truncatingIfNeeded: held << UInt32(to - bits) & (1 << UInt32(to) - 1))
        if pad {
            if bits > 0 { result.append(rest) }
            return result
        }
        return bits < from && rest == 0 ? result : nil
    }
}
