/// Floating point numbers that came from text with a few decimals, such as positions: a whole number over a power of ten.
///
/// The quotient of two doubles without fractions is rounded correctly, as the parser that read the text did it. Each value
/// is converted back and compared, so the way back is exact, to the bit.
enum DecimalNumber {
    /// The most decimals that are looked for.
    static let mostDecimals = 9
    /// The powers of ten; doubles hold them exactly.
    private static let powers: [10 of Double] = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9]
    /// Larger whole numbers have gaps between them in a double.
    private static let limit: Double = 9_007_199_254_740_992

    /// The value of a whole number and a number of decimals.
    @inline(__always)
    static func value(_ number: Int64, decimals: Int) -> Double { Double(number) / powers[decimals] }

    /// The whole number of the 8 bytes of a double; nothing when it has more decimals.
    @inline(__always)
    static func number(double bits: UInt64, decimals: Int) -> Int64? {
        guard let number = nearest(Double(bitPattern: bits) * powers[decimals]) else { return nil }
        return value(number, decimals: decimals).bitPattern == bits ? number : nil
    }

    /// The whole number of the 4 bytes of a float; nothing when it has more decimals.
    @inline(__always)
    static func number(float bits: UInt32, decimals: Int) -> Int64? {
        guard let number = nearest(Double(Float(bitPattern: bits)) * powers[decimals]) else { return nil }
        return Float(value(number, decimals: decimals)).bitPattern == bits ? number : nil
    }

    /// The whole number of a value of 4 or 8 bytes, given as a signed integer.
    @inline(__always)
    static func number(_ bits: Int64, width: Int, decimals: Int) -> Int64? {
        if width == 8 { return number(double: UInt64(bitPattern: bits), decimals: decimals) }
        return number(float: UInt32(truncatingIfNeeded: bits), decimals: decimals)
    }

    /// A whole number close by; whether it is the right one is seen when it is converted back. False for NaN too.
    @inline(__always)
    private static func nearest(_ scaled: Double) -> Int64? {
        guard abs(scaled) < limit else { return nil }
        return Int64(scaled < 0 ? scaled - 0.5 : scaled + 0.5)
    }
}
