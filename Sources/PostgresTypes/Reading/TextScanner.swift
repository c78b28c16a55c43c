/// Reads a text from left to right, byte by byte.
struct TextScanner {
    private var rest: Substring.UTF8View

    init(_ text: String) { rest = text[...].utf8 }

    var isAtEnd: Bool { rest.isEmpty }
    var next: UInt8? { rest.first }

    /// Takes a word if it stands next.
    mutating func take(_ word: StaticString) -> Bool {
        let bytes = word.description.utf8
        guard rest.starts(with: bytes) else { return false }
        rest = rest.dropFirst(bytes.count)
        return true
    }

    /// Takes decimal digits, at most 18, and their number.
    mutating func number(digits allowed: ClosedRange<Int>) -> Int64? {
        let digits = rest.prefix { $0.isDigit }
        guard allowed.contains(digits.count), digits.count <= 18 else { return nil }
        rest = rest.dropFirst(digits.count)
        return digits.reduce(0) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) }
    }

    /// Takes letters.
    mutating func letters() -> String {
        let word = rest.prefix { $0 >= UInt8(ascii: "a") && $0 <= UInt8(ascii: "z") }
        rest = rest.dropFirst(word.count)
        return String(Substring(word))
    }

    /// Takes `.` and up to six digits as millionths; 0 when there is no point.
    mutating func millionths() -> Int64? {
        guard take(".") else { return 0 }
        let digits = rest.prefix { $0.isDigit }.count
        guard digits <= 6, let number = number(digits: 1...6) else { return nil }
        return (digits..<6).reduce(number) { value, _ in value * 10 }
    }
}

extension UInt8 {
    /// One of `0` to `9`.
    var isDigit: Bool { self >= UInt8(ascii: "0") && self <= UInt8(ascii: "9") }

    /// The value of a hexadecimal digit.
    var hexadecimalValue: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

extension BinaryInteger {
    /// The digits, with zeros before them up to a width; a sign is not expected.
    func padded(to width: Int) -> String {
        let digits = String(self)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
}
