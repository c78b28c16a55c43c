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
    /// How many bytes are stirred in at a time.
    static let block = 12

    private var a: UInt32
    private var b: UInt32
    private var c: UInt32

    /// The words in the middle of a hash.
    @inline(__always)
    init(_ a: UInt32, _ b: UInt32, _ c: UInt32) {
        self.a = a
        self.b = b
        self.c = c
    }

    /// The words before the first byte.
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

    /// Takes bytes that are all there, with at least 12 more behind them, of which those up to a whole block are zero.
    @inline(__always)
    mutating func finish(_ start: UnsafeRawPointer, _ length: Int) -> UInt64 {
        var next = unsafe start
        var left = length
        while left >= Self.block {
            unsafe add(next)
            unsafe next += Self.block
            left -= Self.block
        }
        return unsafe finish(next)
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
