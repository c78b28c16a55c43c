import SealedStreams

/// Reads the bytes of a group; whatever they are, it neither traps nor reads behind them.
///
/// It borrows the bytes for one call of the decoder that owns them.
@unsafe struct BodyReader {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0
    /// The object that is read, for messages.
    let name: String

    init(_ bytes: UnsafeRawBufferPointer, name: String) {
        unsafe self.bytes = unsafe bytes
        unsafe self.name = name
    }

    /// Whether every byte was read.
    var isAtEnd: Bool { unsafe position == bytes.count }

    /// What is wrong with the object, as an error.
    func corrupt(_ reason: String) -> SealedStreamError { unsafe .corrupt(name, reason) }

    mutating func byte() throws(SealedStreamError) -> UInt8 {
        guard unsafe position < bytes.count else { throw unsafe corrupt("has a group that ends too early") }
        defer { unsafe position += 1 }
        return unsafe bytes[position]
    }

    mutating func varint() throws(SealedStreamError) -> UInt64 {
        var result: UInt64 = 0
        for index in 0..<10 {
            let byte = try unsafe byte()
            // The tenth byte has room for one bit.
            guard index < 9 || byte <= 1 else { break }
            result |= UInt64(byte & 0x7f) << UInt64(7 * index)
            if byte & 0x80 == 0 { return result }
        }
        throw unsafe corrupt("has a number that does not end")
    }

    /// A varint that counts or measures something that exists, up to a limit.
    mutating func varint(upTo limit: Int) throws(SealedStreamError) -> Int {
        let value = try unsafe varint()
        guard value <= UInt64(max(limit, 0)) else { throw unsafe corrupt("has a length that cannot be") }
        return Int(value)
    }

    mutating func slice(_ length: Int) throws(SealedStreamError) -> UnsafeRawBufferPointer {
        guard unsafe length >= 0 && length <= bytes.count - position else {
            throw unsafe corrupt("has a group that ends too early")
        }
        defer { unsafe position += length }
        return unsafe UnsafeRawBufferPointer(rebasing: bytes[position..<position + length])
    }
}
