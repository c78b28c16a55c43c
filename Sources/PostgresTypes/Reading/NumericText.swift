/// A decimal number taken apart: sign, digits before the point without leading zeros, digits after it.
struct NumericText {
    let isNegative: Bool
    private let whole: Substring.UTF8View
    private let fraction: Substring.UTF8View

    /// The longest number the type holds.
    private static let longestWhole = 131_072
    private static let longestFraction = 16_383

    /// Takes a canonical text apart.
    init(_ canonical: String) {
        isNegative = canonical.utf8.first == UInt8(ascii: "-")
        let digits = canonical.utf8.dropFirst(isNegative ? 1 : 0)
        let point = digits.firstIndex(of: UInt8(ascii: ".")) ?? digits.endIndex
        whole = digits[..<point]
        fraction = digits[point...].dropFirst()
    }

    /// -1, 0 or 1 as the number without its sign is less than, equal to or more than another.
    func magnitudeOrder(against other: NumericText) -> Int {
        guard whole.count == other.whole.count else { return whole.count < other.whole.count ? -1 : 1 }
        for (left, right) in zip(whole, other.whole) where left != right { return left < right ? -1 : 1 }
        var (left, right) = (fraction.makeIterator(), other.fraction.makeIterator())
        while true {
            let (own, others) = (left.next(), right.next())
            if own == nil, others == nil { return 0 }
            let (digit, otherDigit) = (own ?? UInt8(ascii: "0"), others ?? UInt8(ascii: "0"))
            if digit != otherDigit { return digit < otherDigit ? -1 : 1 }
        }
    }

    /// The text as the server writes it; `nil` when it is no number, or too long for the type.
    static func canonical(_ text: String) -> String? {
        var rest = text[...].utf8
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        var whole = take(&rest)
        var fraction: [UInt8] = []
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            fraction = take(&rest)
        }
        guard !whole.isEmpty || !fraction.isEmpty else { return nil }
        if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
            guard let exponent = Int(String(Substring(rest.dropFirst()))), abs(exponent) <= longestWhole else {
                return nil
            }
            move(exponent, &whole, &fraction)
        } else if !rest.isEmpty {
            return nil
        }
        whole = Array(whole.drop { $0 == UInt8(ascii: "0") })
        guard whole.count <= longestWhole, fraction.count <= longestFraction else { return nil }
        let isZero = whole.isEmpty && fraction.allSatisfy { $0 == UInt8(ascii: "0") }
        let digits = (whole.isEmpty ? "0" : String(decoding: whole, as: UTF8.self))
        let sign = isNegative && !isZero ? "-" : ""
        return sign + digits + (fraction.isEmpty ? "" : "." + String(decoding: fraction, as: UTF8.self))
    }

    private static func take(_ rest: inout Substring.UTF8View) -> [UInt8] {
        let digits = rest.prefix { $0.isDigit }
        rest = rest.dropFirst(digits.count)
        return Array(digits)
    }

    /// Moves the point to the right, or to the left for a negative number of places.
    private static func move(_ places: Int, _ whole: inout [UInt8], _ fraction: inout [UInt8]) {
        let zeros = { [UInt8](repeating: UInt8(ascii: "0"), count: max(0, $0)) }
        if places >= 0 {
            whole += fraction.prefix(places) + zeros(places - fraction.count)
            fraction = Array(fraction.dropFirst(places))
        } else {
            let padded = zeros(-places - whole.count) + whole
            fraction = padded.suffix(-places) + fraction
            whole = Array(padded.dropLast(-places))
        }
    }
}
