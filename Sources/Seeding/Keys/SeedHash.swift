/// The hash that every seeded value comes from.
///
/// A value depends on the seed's version, its table, its row's key and its column, and on nothing else: no sequence of
/// draws, no order of rows, no clock, no locale, no hash of Swift's, which differs in each process.
///
/// ```
/// table  = fnv1a64("wheels-db seed 1 public.expenses")
/// column = fnv1a64("amount")
/// row    = mix(table ^ mix(key))
/// value  = mix(row ^ column)
/// mix(x) = SplitMix64's finisher: x ^= x >> 30; x *= 0xbf58476d1ce4e5b9; x ^= x >> 27; x *= 0x94d049bb133111eb;
///          x ^= x >> 31, after x += 0x9e3779b97f4a7c15
/// ```
enum SeedHash: Sendable {
    /// Raised when the same key is to give other values; part of every hash.
    static let version = 1

    /// SplitMix64's finisher: each bit of the result depends on each bit of the number.
    @inline(__always)
    static func mix(_ number: UInt64) -> UInt64 {
        var x = number &+ 0x9E37_79B9_7F4A_7C15
        x = (x ^ x >> 30) &* 0xBF58_476D_1CE4_E5B9
        x = (x ^ x >> 27) &* 0x94D0_49BB_1331_11EB
        return x ^ x >> 31
    }

    /// FNV-1a over the bytes of a name.
    static func fnv1a(_ bytes: some Sequence<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        return hash
    }

    /// What stands for a table, or for a stream of draws that several tables share.
    static func salt(_ name: String) -> UInt64 { fnv1a("wheels-db seed \(version) \(name)".utf8) }
}

/// A number to draw values from.
struct Draw: Sendable {
    let number: UInt64

    init(_ number: UInt64) { self.number = number }

    /// A number from 0 to one less than the limit; the limit is at least 1.
    @inline(__always)
    func below(_ limit: Int) -> Int { Int(number.multipliedFullWidth(by: UInt64(limit)).high) }

    /// A number of a range.
    func within(_ range: ClosedRange<Int>) -> Int { range.lowerBound + below(range.upperBound - range.lowerBound + 1) }

    /// Whether something with a chance in percent happens.
    func chance(_ percent: Int) -> Bool { below(100) < percent }

    /// One element of a list.
    func pick<Element>(_ list: [Element]) -> Element { list[below(list.count)] }

    /// One element of a list, the first ones far more often: of two places the earlier one.
    func lean<Element>(_ list: [Element]) -> Element { list[min(below(list.count), again.below(list.count))] }

    /// Another draw that depends on this one.
    var again: Draw { Draw(SeedHash.mix(number)) }
}

/// Draws by key that several tables need, such as the first day of a trip.
struct Stream: Sendable {
    private let salt: UInt64

    init(_ name: String) { salt = SeedHash.salt(name) }

    func callAsFunction(_ key: RowKey) -> Draw { Draw(SeedHash.mix(salt ^ SeedHash.mix(key.packed))) }
}
