/// What stands in a hole of a template; the byte stands for it in the template.
enum TemplateHole: UInt8 {
    /// Any bytes, as they are.
    case bytes = 0x10
    /// A whole number without a sign or zeros before it: kept as 8 bytes, big-endian.
    case number = 0x11
    /// A UUID in lower case: kept as its 16 bytes.
    case uuid = 0x12
}

/// UUIDs as text: 32 hexadecimal digits in lower case, with dashes.
enum UUIDText {
    /// How long one is.
    static let length = 36
    private static let digits: [16 of UInt8] = [
        48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 97, 98, 99, 100, 101, 102,
    ]

    @inline(__always)
    private static func isDash(_ place: Int) -> Bool { place == 8 || place == 13 || place == 18 || place == 23 }

    /// Whether bytes of this length are a UUID in the form that is written back.
    static func isOne(_ text: UnsafeRawPointer) -> Bool {
        for place in 0..<length {
            let byte = unsafe (text + place).load(as: UInt8.self)
            guard isDash(place) ? byte == 45 : (byte &- 48 < 10 || byte &- 97 < 6) else { return false }
        }
        return true
    }

    /// Reads 16 bytes from text for which ``isOne(_:)`` is true.
    static func read(_ text: UnsafeRawPointer, to target: UnsafeMutableRawPointer) {
        var place = 0
        for index in 0..<16 {
            if isDash(place) { place += 1 }
            let high = unsafe nibble((text + place).load(as: UInt8.self))
            let low = unsafe nibble((text + place + 1).load(as: UInt8.self))
            unsafe target.storeBytes(of: high << 4 | low, toByteOffset: index, as: UInt8.self)
            place += 2
        }
    }

    /// Writes the text of 16 bytes.
    static func write(_ bytes: UnsafeRawPointer, to target: UnsafeMutableRawPointer) {
        var place = 0
        for index in 0..<16 {
            if isDash(place) {
                unsafe target.storeBytes(of: 45, toByteOffset: place, as: UInt8.self)
                place += 1
            }
            let byte = unsafe (bytes + index).load(as: UInt8.self)
            unsafe target.storeBytes(of: digits[Int(byte >> 4)], toByteOffset: place, as: UInt8.self)
            unsafe target.storeBytes(of: digits[Int(byte & 15)], toByteOffset: place + 1, as: UInt8.self)
            place += 2
        }
    }

    @inline(__always)
    private static func nibble(_ digit: UInt8) -> UInt8 { digit < 58 ? digit &- 48 : digit &- 87 }
}
