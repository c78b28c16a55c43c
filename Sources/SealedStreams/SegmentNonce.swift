/// The nonce of one segment of a stream: an 11-byte big-endian counter, then 1 for the last segment and 0 before.
///
/// This is the STREAM construction, as age uses it. A reader that counts for itself finds segments that were swapped,
/// left out or repeated, and the last byte finds a stream that was cut or continued.
struct SegmentNonce: ~Copyable {
    private(set) var bytes: [UInt8]
    private(set) var counter: UInt64 = 0

    /// The nonce of the first segment.
    init() {
        bytes = [UInt8](repeating: 0, count: AEADCipher.nonceLength)
    }

    /// Whether this is the first segment.
    var isFirst: Bool { counter == 0 }

    /// Marks the segment as the last one, or not.
    mutating func mark(last: Bool) {
        bytes[11] = last ? 1 : 0
    }

    /// Goes to the next segment.
    mutating func advance() {
        precondition(bytes[11] == 0, "No segment follows the last one")
        counter += 1
        for index in 0..<8 {
            bytes[10 - index] = UInt8(truncatingIfNeeded: counter >> UInt64(8 * index))
        }
    }
}
