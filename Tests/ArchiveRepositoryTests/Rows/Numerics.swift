/// PostgreSQL's numeric, made from decimal digits by plain text work: not by the code under test.
enum Numerics {
    /// The bytes that COPY sends for `digits` with the point before the last `scale` of them.
    static func bytes(digits: String, scale: Int, isNegative: Bool) -> [UInt8] {
        var whole = String(digits.dropLast(scale))
        var fraction = String(String(repeating: "0", count: max(0, scale - digits.count)) + digits.suffix(scale))
        while whole.count % 4 != 0 { whole = "0" + whole }
        while fraction.count % 4 != 0 { fraction += "0" }
        var groups = stride(from: 0, to: whole.count, by: 4).map { group(whole, $0) }
        var weight = groups.count - 1
        groups += stride(from: 0, to: fraction.count, by: 4).map { group(fraction, $0) }
        while groups.first == 0 {
            groups.removeFirst()
            weight -= 1
        }
        while groups.last == 0 { groups.removeLast() }
        if groups.isEmpty { weight = 0 }
        let sign: UInt16 = isNegative && !groups.isEmpty ? 0x4000 : 0
        return CopyRows.bigEndian(Int16(groups.count)) + CopyRows.bigEndian(Int16(weight)) + CopyRows.bigEndian(sign)
            + CopyRows.bigEndian(UInt16(scale)) + groups.flatMap { CopyRows.bigEndian(UInt16($0)) }
    }

    private static func group(_ text: String, _ offset: Int) -> Int {
        Int(text.dropFirst(offset).prefix(4)) ?? 0
    }
}
