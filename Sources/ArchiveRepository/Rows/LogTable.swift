/// Entropies of small samples, in whole numbers, so that every machine makes the same choices.
struct LogTable: Sendable {
    /// The largest sample.
    static let largest = 2_048
    /// One bit is this many units.
    static let bit: UInt64 = 1 << 12

    private let products: [UInt64]

    init() {
        products = (0...Self.largest).map { UInt64($0) * Self.logarithm($0) }
    }

    /// The units that an ideal coder of single bytes needs for a sample.
    ///
    /// - Parameters:
    ///   - counts: How often each byte occurs, 256 counts.
    ///   - total: The sum of the counts, at most ``largest``.
    func units(_ counts: UnsafePointer<UInt16>, total: Int) -> UInt64 {
        var sum: UInt64 = 0
        unsafe products.withUnsafeBufferPointer { products in
            for byte in 0..<256 { unsafe sum += products[Int(counts[byte])] }
        }
        return products[total] - min(sum, products[total])
    }

    /// The binary logarithm with 12 binary digits.
    private static func logarithm(_ value: Int) -> UInt64 {
        guard value > 1 else { return 0 }
        let whole = UInt64(Int.bitWidth - 1 - value.leadingZeroBitCount)
        var mantissa = UInt64(value) << (30 - whole)
        var result = whole
        for _ in 0..<12 {
            mantissa = mantissa * mantissa >> 30
            result <<= 1
            if mantissa >> 31 != 0 {
                mantissa >>= 1
                result |= 1
            }
        }
        return result
    }
}
