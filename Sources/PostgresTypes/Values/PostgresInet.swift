/// A value of type `inet`: an address of a host, or of a host and its network.
///
/// See PostgreSQL 15 manual, section 8.9 "Network Address Types".
public struct PostgresInet: PostgresValue, Hashable, CustomStringConvertible, Sendable {
    /// Four bytes of IPv4, or sixteen of IPv6.
    public let address: [UInt8]
    /// How many bits name the network: 32 or 128 for a host alone.
    public let prefixLength: Int

    /// An address.
    ///
    /// - Parameters:
    ///   - address: Four or sixteen bytes.
    ///   - prefixLength: How many bits name the network; `nil` for a host alone. The result is `nil` where they do not fit.
    public init?(address: [UInt8], prefixLength: Int? = nil) {
        let bits = address.count * 8
        guard bits == 32 || bits == 128, (0...bits).contains(prefixLength ?? bits) else { return nil }
        self.address = address
        self.prefixLength = prefixLength ?? bits
    }

    /// Whether the address is one of IPv6.
    public var isIPv6: Bool { address.count == 16 }

    /// Reads `192.0.2.1`, `192.0.2.1/24` or `2001:db8::1`.
    public init(postgresText: String) throws(PostgresValueError) {
        let parts = postgresText.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        let bits = parts.count == 2 ? Self.decimal(parts[1], to: 128) : nil
        guard let first = parts.first, let address = Self.ipv4(first) ?? Self.ipv6(first),
            parts.count == 1 || bits != nil, let value = PostgresInet(address: address, prefixLength: bits)
        else { throw PostgresValueError("\"\(postgresText)\" is no network address") }
        self = value
    }

    /// The text form as the server writes it.
    public var postgresText: String {
        let text = isIPv6 ? ipv6Text : address.map { String($0) }.joined(separator: ".")
        return prefixLength == address.count * 8 ? text : "\(text)/\(prefixLength)"
    }
    /// The text form as the server writes it.
    public var description: String { postgresText }
}

// MARK: - Reading

extension PostgresInet {
    private static func ipv4(_ text: Substring) -> [UInt8]? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let bytes = parts.compactMap { decimal($0, to: 255).map { UInt8($0) } }
        return parts.count == 4 && bytes.count == 4 ? bytes : nil
    }

    private static func ipv6(_ text: Substring) -> [UInt8]? {
        let halves = text.split(separator: "::", omittingEmptySubsequences: false)
        guard halves.count <= 2, let first = halves.first, let last = halves.last, let head = groups(first) else {
            return nil
        }
        guard halves.count == 2 else { return head.count == 16 ? head : nil }
        guard let tail = groups(last), head.count + tail.count <= 14 else { return nil }
        return head + [UInt8](repeating: 0, count: 16 - head.count - tail.count) + tail
    }

    /// Groups of hexadecimal digits; the last one may be an address of IPv4.
    private static func groups(_ text: Substring) -> [UInt8]? {
        if text.isEmpty { return [] }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        var bytes: [UInt8] = []
        for (index, part) in parts.enumerated() {
            if index == parts.count - 1, let last = ipv4(part) { return bytes + last }
            guard (1...4).contains(part.utf8.count), part.utf8.allSatisfy({ $0.hexadecimalValue != nil }),
                let group = UInt16(part, radix: 16)
            else { return nil }
            bytes += [UInt8(group >> 8), UInt8(group & 255)]
        }
        return bytes
    }

    private static func decimal(_ text: Substring, to limit: Int) -> Int? {
        guard (1...3).contains(text.utf8.count), text.utf8.allSatisfy({ $0.isDigit }), let number = Int(text) else {
            return nil
        }
        return number <= limit ? number : nil
    }
}

// MARK: - Writing

extension PostgresInet {
    /// As the server's `inet_net_ntop` does it: the longest run of two or more zero groups becomes `::`.
    private var ipv6Text: String {
        let groups = (0..<8).map { UInt16(address[2 * $0]) << 8 | UInt16(address[2 * $0 + 1]) }
        let run = Self.longestRun(groups)
        var text = ""
        var index = 0
        while index < 8 {
            if let run, index == run.lowerBound {
                text += index == 0 ? "::" : ":"
                index = run.upperBound
                continue
            }
            if index == 6, let run, run.lowerBound == 0, Self.endsInIPv4(groups, zeros: run.count) {
                return text + address[12...].map { String($0) }.joined(separator: ".")
            }
            text += String(groups[index], radix: 16)
            index += 1
            if index < 8 { text += ":" }
        }
        return text
    }

    /// Whether the last four bytes are written as an address of IPv4.
    private static func endsInIPv4(_ groups: [UInt16], zeros: Int) -> Bool {
        zeros == 6 || (zeros == 5 && groups[5] == 0xffff)
    }

    private static func longestRun(_ groups: [UInt16]) -> Range<Int>? {
        var best = 0..<0
        var start = 0
        for index in groups.indices {
            guard groups[index] == 0 else {
                start = index + 1
                continue
            }
            if index + 1 - start > best.count { best = start..<index + 1 }
        }
        return best.count >= 2 ? best : nil
    }
}
