import SealedStreams

/// Reads streams: bytes whose number is known.
struct StreamDecoder: ~Copyable, Sendable {
    private var zstd: ZstdDecoder

    init(name: String) throws(SealedStreamError) {
        zstd = try ZstdDecoder(name: name)
    }

    /// Fills memory with a stream.
    mutating func read(
        from reader: inout BodyReader,
        filling target: UnsafeMutableRawBufferPointer
    ) throws(SealedStreamError) {
        guard target.count > 0 else { return }
        guard let form = StreamForm(rawValue: try unsafe reader.byte()) else {
            throw unsafe reader.corrupt("has a stream of an unknown form")
        }
        switch form {
        case .constant:
            let byte = try unsafe reader.byte()
            unsafe target.initializeMemory(as: UInt8.self, repeating: byte)
        case .stored:
            unsafe target.copyMemory(from: try reader.slice(target.count))
        case .zstd:
            // A frame that is longer than its content would have been stored.
            let length = try unsafe reader.varint(upTo: target.count)
            let frame = try unsafe reader.slice(length)
            var room = unsafe target.mutableBytes
            try unsafe zstd.decompress(frame.bytes, filling: &room)
        }
    }
}
