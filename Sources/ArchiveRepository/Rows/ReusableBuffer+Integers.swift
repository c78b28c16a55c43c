import SealedStreams

extension ReusableBuffer {
    /// Appends one byte.
    mutating func append(byte: UInt8) {
        unsafe appendUnsafely(upTo: 1) { room in
            unsafe room[0] = byte
            return 1
        }
    }

    /// Appends 4 bytes, the lowest first.
    mutating func append(uint32 value: Int) {
        precondition(value >= 0 && value <= Int(UInt32.max), "A length of a piece does not fit into 4 bytes")
        unsafe appendUnsafely(upTo: 4) { room in
            unsafe room.storeBytes(of: UInt32(value).littleEndian, as: UInt32.self)
            return 4
        }
    }

    /// Appends a number in groups of seven bits, the lowest first; all but the last have their high bit set.
    mutating func append(varint value: UInt64) {
        unsafe appendUnsafely(upTo: 10) { room in
            var rest = value
            var count = 0
            while rest > 0x7f {
                unsafe room[count] = UInt8(truncatingIfNeeded: rest) | 0x80
                rest >>= 7
                count += 1
            }
            unsafe room[count] = UInt8(rest)
            return count + 1
        }
    }
}
