/// A number of bytes that a person writes, such as `500MB`.
struct ByteSize: Sendable, Equatable, CustomStringConvertible {
    let bytes: Int64

    /// The size in the unit that needs no fraction, so that a help text shows what may be typed.
    var description: String {
        bytes % 1_000_000_000 == 0 ? "\(bytes / 1_000_000_000)GB" : "\(bytes / 1_000_000)MB"
    }
}

/// Reads sizes in decimal units.
enum ByteSizeText: Sendable {
    /// The size of a text such as `500MB`, `8 GB` or `1500000000`; `nil` for anything else.
    static func parse(_ text: String) -> ByteSize? {
        let letters = text.uppercased().filter { !$0.isWhitespace }
        let digits = letters.prefix { $0.isASCII && $0.isNumber }
        let units: [String: Int64] = ["": 1, "B": 1, "KB": 1_000, "MB": 1_000_000, "GB": 1_000_000_000]
        guard let number = Int64(digits), number > 0, let unit = units[String(letters.dropFirst(digits.count))] else {
            return nil
        }
        let (bytes, overflows) = number.multipliedReportingOverflow(by: unit)
        return overflows ? nil : ByteSize(bytes: bytes)
    }
}
