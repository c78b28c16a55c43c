/// Values in COPY's text format, appended byte by byte.
enum CopyText: Sendable {
    /// Text, with what COPY would read as a control character escaped.
    static func append(_ text: String, to bytes: inout [UInt8]) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\\"), UInt8(ascii: "\n"), UInt8(ascii: "\t"), UInt8(ascii: "\r"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(escapes(byte))
            default: bytes.append(byte)
            }
        }
    }

    private static func escapes(_ byte: UInt8) -> UInt8 {
        switch byte {
        case UInt8(ascii: "\n"): UInt8(ascii: "n")
        case UInt8(ascii: "\t"): UInt8(ascii: "t")
        case UInt8(ascii: "\r"): UInt8(ascii: "r")
        default: byte
        }
    }

    /// A whole number.
    static func append(_ number: Int, to bytes: inout [UInt8]) {
        if number < 0 { bytes.append(UInt8(ascii: "-")) }
        append(digits: number.magnitude, atLeast: 1, to: &bytes)
    }

    /// A whole number from 0 with leading zeros.
    static func append(_ number: Int, digits: Int, to bytes: inout [UInt8]) {
        append(digits: number.magnitude, atLeast: digits, to: &bytes)
    }

    /// A decimal number that is given in units of its last digit.
    static func append(scaled number: Int, digits: Int, to bytes: inout [UInt8]) {
        if number < 0 { bytes.append(UInt8(ascii: "-")) }
        var unit: UInt = 1
        for _ in 0..<digits { unit *= 10 }
        append(digits: number.magnitude / unit, atLeast: 1, to: &bytes)
        bytes.append(UInt8(ascii: "."))
        append(digits: number.magnitude % unit, atLeast: digits, to: &bytes)
    }

    private static func append(digits number: UInt, atLeast least: Int, to bytes: inout [UInt8]) {
        precondition(least < 20, "A number of 64 bits has at most 20 digits")
        var unit: UInt = 1
        var count = 1
        while count < least || number / unit >= 10 {
            unit *= 10
            count += 1
        }
        while unit > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / unit % 10))
            unit /= 10
        }
    }
}
