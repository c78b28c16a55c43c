/// The values of a column, or the entries of a dictionary: bytes behind one another, without NULLs.
///
/// It borrows the memory of a ``GroupBuffer`` or ``DictionaryBuilder`` for one call.
@unsafe struct ValueList {
    /// How many values; at least 1.
    let count: Int
    /// All their bytes.
    let bytes: UnsafeRawBufferPointer
    /// The length of all of them, if they have one.
    let width: Int?
    /// The length of each.
    let lengths: UnsafePointer<Int32>
    /// Where each begins, when they have not one length.
    let offsets: UnsafePointer<UInt32>

    @inline(__always)
    func offset(_ index: Int) -> Int {
        if let width = unsafe width { return index * width }
        return unsafe Int(offsets[index])
    }

    @inline(__always)
    func length(_ index: Int) -> Int {
        if let width = unsafe width { return width }
        return unsafe Int(lengths[index])
    }

    /// The address of a value. Not for values without bytes of a list without bytes.
    @inline(__always)
    func start(_ index: Int) -> UnsafeRawPointer? {
        guard let base = unsafe bytes.baseAddress else { return nil }
        return unsafe base + offset(index)
    }
}

/// Comparing and hashing short byte strings.
enum ByteString {
    @inline(__always)
    static func areEqual(_ left: UnsafeRawPointer, _ right: UnsafeRawPointer, _ length: Int) -> Bool {
        var index = 0
        while index + 8 <= length {
            let one = unsafe (left + index).loadUnaligned(as: UInt64.self)
            let other = unsafe (right + index).loadUnaligned(as: UInt64.self)
            if one != other { return false }
            index += 8
        }
        return unsafe tail(left + index, length - index) == tail(right + index, length - index)
    }

    /// A hash that is the same in every run, because it decides how values are written.
    @inline(__always)
    static func hash(_ start: UnsafeRawPointer, _ length: Int) -> UInt64 {
        let factor: UInt64 = 0x9e37_79b9_7f4a_7c15
        var hash = UInt64(truncatingIfNeeded: length) &* factor
        var index = 0
        while index + 8 <= length {
            let word = unsafe (start + index).loadUnaligned(as: UInt64.self)
            hash = (hash ^ UInt64(littleEndian: word)) &* factor
            hash ^= hash >> 29
            index += 8
        }
        hash = unsafe (hash ^ tail(start + index, length - index)) &* factor
        return hash ^ (hash >> 32)
    }

    /// Up to seven bytes as a number.
    @inline(__always)
    private static func tail(_ start: UnsafeRawPointer, _ length: Int) -> UInt64 {
        if length >= 4 {
            let low = unsafe UInt32(littleEndian: start.loadUnaligned(as: UInt32.self))
            let high = unsafe UInt32(littleEndian: (start + (length - 4)).loadUnaligned(as: UInt32.self))
            return UInt64(high) << 32 | UInt64(low)
        }
        var result: UInt64 = 0
        for index in 0..<length {
            result = unsafe result << 8 | UInt64((start + index).load(as: UInt8.self))
        }
        return result
    }
}
