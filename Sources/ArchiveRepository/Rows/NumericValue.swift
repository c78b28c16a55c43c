/// PostgreSQL's numeric as COPY sends it, and the same as a whole number with a scale.
///
/// | bytes | content, big-endian |
/// |---|---|
/// | 0–1 | number of digits to the base 10,000 |
/// | 2–3 | weight of the first digit: a power of 10,000, signed |
/// | 4–5 | sign: 0 or 0x4000 for negative; NaN and infinities have others |
/// | 6–7 | scale: how many decimals are shown |
/// | 8– | the digits, 2 bytes each |
///
/// Only the form that PostgreSQL itself writes is converted: no zero digit at either end. So the way back is exact.
enum NumericValue {
    /// Mantissas below this fit with what the alignment of digits adds.
    static let limit: Int64 = 1_000_000_000_000_000
    /// The largest scale that PostgreSQL has.
    static let largestScale = 16_383
    /// The longest form of a converted value.
    static let mostBytes = 8 + 2 * 6

    private static let powers: [18 of Int64] = [
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000,
        100_000_000_000, 1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000,
        10_000_000_000_000_000, 100_000_000_000_000_000,
    ]

    /// The whole number and the scale of a value; nothing when it is not of the usual form, or too long.
    static func parse(_ start: UnsafeRawPointer, _ length: Int) -> (mantissa: Int64, scale: Int64)? {
        guard length >= 8 else { return nil }
        let digits = unsafe word(start, 0)
        let weight = unsafe Int(Int16(truncatingIfNeeded: word(start, 2)))
        let sign = unsafe word(start, 4)
        let scale = unsafe word(start, 6)
        guard length == 8 + 2 * digits, digits <= 4, scale <= largestScale, sign == 0 || sign == 0x4000 else {
            return nil
        }
        guard digits > 0 else { return weight == 0 && sign == 0 ? (0, Int64(scale)) : nil }
        guard unsafe word(start, 8) != 0, unsafe word(start, 6 + 2 * digits) != 0 else { return nil }
        var number: Int64 = 0
        for index in 0..<digits {
            let digit = unsafe word(start, 8 + 2 * index)
            guard digit < 10_000 else { return nil }
            number = number * 10_000 + Int64(digit)
        }
        let exponent = 4 * (weight - digits + 1) + scale
        guard exponent > -4, exponent < 16 else { return nil }
        if exponent >= 0 {
            let (product, overflow) = number.multipliedReportingOverflow(by: powers[exponent])
            guard !overflow else { return nil }
            number = product
        } else {
            guard number % powers[-exponent] == 0 else { return nil }
            number /= powers[-exponent]
        }
        guard number < limit else { return nil }
        return (sign == 0 ? number : -number, Int64(scale))
    }

    /// Writes a value as COPY sends it.
    ///
    /// - Parameters:
    ///   - mantissa: The whole number, between minus and plus ``limit``.
    ///   - scale: The scale, up to ``largestScale``.
    ///   - target: Room for ``mostBytes``.
    /// - Returns: How many bytes were written.
    static func write(_ mantissa: Int64, scale: Int, to target: UnsafeMutableRawPointer) -> Int {
        let padding = (4 - scale % 4) % 4
        var rest = abs(mantissa) * powers[padding]
        var fraction = (scale + padding) / 4
        var digits: [6 of UInt16] = [0, 0, 0, 0, 0, 0]
        var count = 0
        if rest != 0 {
            while rest % 10_000 == 0 {
                rest /= 10_000
                fraction -= 1
            }
            while rest != 0 {
                digits[count] = UInt16(rest % 10_000)
                rest /= 10_000
                count += 1
            }
        }
        let weight = count == 0 ? 0 : count - 1 - fraction
        unsafe store(count, target, 0)
        unsafe store(weight, target, 2)
        unsafe store(mantissa < 0 ? 0x4000 : 0, target, 4)
        unsafe store(scale, target, 6)
        for index in 0..<count { unsafe store(Int(digits[count - 1 - index]), target, 8 + 2 * index) }
        return 8 + 2 * count
    }

    @inline(__always)
    private static func word(_ start: UnsafeRawPointer, _ offset: Int) -> Int {
        unsafe Int(UInt16(bigEndian: (start + offset).loadUnaligned(as: UInt16.self)))
    }

    @inline(__always)
    private static func store(_ value: Int, _ target: UnsafeMutableRawPointer, _ offset: Int) {
        unsafe (target + offset).storeBytes(of: UInt16(truncatingIfNeeded: value).bigEndian, as: UInt16.self)
    }
}
