/// PostgreSQL's 64-bit hash of bytes: what `hashtextextended` and `hash_record_extended` give for text and bytea.
///
/// It is lookup3 of Bob Jenkins in PostgreSQL's variant with a seed. Words are read with the lowest byte first, as a
/// server on x86-64 or arm64 does it.
public enum PostgresHash: Sendable {
    /// The hash of some bytes.
    ///
    /// - Parameters:
    ///   - bytes: What to hash, of any length below 2 GiB.
    ///   - seed: The seed; 0 for the content digest.
    /// - Returns: What the server shows as a bigint, as an unsigned number.
    public static func extended(_ bytes: RawSpan, seed: UInt64) -> UInt64 {
        var hash = RunningHash(length: bytes.byteCount, seed: seed)
        unsafe bytes.withUnsafeBytes { unsafe hash.add($0) }
        return hash.value
    }
}

/// The three words that the hash keeps, and the two ways of stirring them.
struct HashWords: Sendable {
    private var a: UInt32
    private var b: UInt32
    private var c: UInt32

    @inline(__always)
    init(length: Int, seed: UInt64) {
        a = 0x9e37_79b9 &+ UInt32(truncatingIfNeeded: length) &+ 3_923_095
        b = a
        c = a
        guard seed != 0 else { return }
        a &+= UInt32(truncatingIfNeeded: seed >> 32)
        b &+= UInt32(truncatingIfNeeded: seed)
        stir()
    }

    /// Takes 12 bytes.
    @inline(__always)
    mutating func add(_ block: UnsafeRawPointer) {
        a &+= unsafe UInt32(littleEndian: block.loadUnaligned(as: UInt32.self))
        b &+= unsafe UInt32(littleEndian: block.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
        c &+= unsafe UInt32(littleEndian: block.loadUnaligned(fromByteOffset: 8, as: UInt32.self))
        stir()
    }

    /// Takes the last bytes, fewer than 12, with zeros behind them up to the twelfth.
    @inline(__always)
    mutating func finish(_ rest: UnsafeRawPointer) -> UInt64 {
        a &+= unsafe UInt32(littleEndian: rest.loadUnaligned(as: UInt32.self))
        b &+= unsafe UInt32(littleEndian: rest.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
        // The lowest byte of this word belongs to the length.
        c &+= unsafe UInt32(littleEndian: rest.loadUnaligned(fromByteOffset: 8, as: UInt32.self)) &<< 8
        settle()
        return UInt64(b) << 32 | UInt64(c)
    }

    @inline(__always)
    private mutating func stir() {
        a = (a &- c) ^ Self.rotated(c, 4)
        c &+= b
        b = (b &- a) ^ Self.rotated(a, 6)
        a &+= c
        c = (c &- b) ^ Self.rotated(b, 8)
        b &+= a
        a = (a &- c) ^ Self.rotated(c, 16)
        c &+= b
        b = (b &- a) ^ Self.rotated(a, 19)
        a &+= c
        c = (c &- b) ^ Self.rotated(b, 4)
        b &+= a
    }

    @inline(__always)
    private mutating func settle() {
        c = (c ^ b) &- Self.rotated(b, 14)
        a = (a ^ c) &- Self.rotated(c, 11)
        b = (b ^ a) &- Self.rotated(a, 25)
        c = (c ^ b) &- Self.rotated(b, 16)
        a = (a ^ c) &- Self.rotated(c, 4)
        b = (b ^ a) &- Self.rotated(a, 14)
        c = (c ^ b) &- Self.rotated(b, 24)
    }

    @inline(__always)
    private static func rotated(_ word: UInt32, _ bits: UInt32) -> UInt32 {
        word &<< bits | word &>> (32 &- bits)
    }
}

/// A hash of bytes that come in pieces; how many they are together is known before.
struct RunningHash: Sendable {
    private static let block = 12
    private var words: HashWords
    private var waiting: [12 of UInt8] = .init(repeating: 0)
    private var count = 0

    init(length: Int, seed: UInt64 = 0) {
        words = HashWords(length: length, seed: seed)
    }

    /// Takes the next bytes.
    mutating func add(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress else { return }
        var place = 0
        while count > 0, place < bytes.count { unsafe wait(for: bytes[place], &place) }
        while bytes.count - place >= Self.block {
            unsafe words.add(base + place)
            place += Self.block
        }
        while place < bytes.count { unsafe wait(for: bytes[place], &place) }
    }

    /// The hash, when all bytes were taken.
    var value: UInt64 {
        var last = words
        var rest = waiting
        for index in count..<Self.block { rest[index] = 0 }
        return unsafe withUnsafeBytes(of: &rest) { rest in
            guard let start = rest.baseAddress else { return 0 }
            return unsafe last.finish(start)
        }
    }

    private mutating func wait(for byte: UInt8, _ place: inout Int) {
        waiting[count] = byte
        count += 1
        place += 1
        guard count == Self.block else { return }
        count = 0
        unsafe withUnsafeBytes(of: &waiting) { block in
            if let start = block.baseAddress { unsafe words.add(start) }
        }
    }
}
