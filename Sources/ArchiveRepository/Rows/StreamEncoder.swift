import SealedStreams

/// Writes streams: bytes whose number the reader knows, in the shortest of three forms.
struct StreamEncoder: ~Copyable, Sendable {
    /// What the bytes are like, which says how hard it is worth looking for repetitions.
    enum Content {
        /// Text and other values as they are.
        case values
        /// One byte of each of many numbers.
        case plane
    }

    /// Shorter streams are stored: a frame's own bytes would outweigh what it saves.
    private static let shortest = 24
    /// The level for planes: they have skewed bytes and few repetitions, which the fastest level finds as well.
    private static let planeLevel = 1

    private var zstd: ZstdEncoder
    private let level: Int
    private var frame = ReusableBuffer(capacity: 1 << 16)

    init(level: Int) throws(SealedStreamError) {
        self.level = level
        zstd = try ZstdEncoder(level: level)
    }

    /// Writes a stream; nothing at all for no bytes.
    mutating func write(
        _ bytes: UnsafeRawBufferPointer,
        _ content: Content,
        to output: inout ReusableBuffer
    ) throws(SealedStreamError) {
        guard let first = unsafe bytes.first else { return }
        if unsafe Self.isConstant(bytes) {
            output.append(byte: StreamForm.constant.rawValue)
            output.append(byte: first)
            return
        }
        if bytes.count >= Self.shortest {
            frame.removeAll()
            let chosen = content == .plane ? min(Self.planeLevel, level) : level
            try unsafe zstd.appendFrame(of: bytes.bytes, level: chosen, to: &frame)
            // Decoding stored bytes costs nothing, so a frame has to be worth it.
            if frame.count + 4 < bytes.count - bytes.count / 64 {
                output.append(byte: StreamForm.zstd.rawValue)
                output.append(varint: UInt64(frame.count))
                frame.withBytes { output.append($0) }
                return
            }
        }
        output.append(byte: StreamForm.stored.rawValue)
        unsafe output.append(bytes.bytes)
    }

    /// How long a sample gets at the fastest level.
    mutating func compressedLength(of sample: UnsafeRawBufferPointer) throws(SealedStreamError) -> Int {
        frame.removeAll()
        try unsafe zstd.appendFrame(of: sample.bytes, level: Self.planeLevel, to: &frame)
        return frame.count
    }

    private static func isConstant(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let first = unsafe bytes.first else { return true }
        var start = 0
        // Almost always settled by the first bytes; the longer steps behind them become vector code.
        var step = 16
        while start < bytes.count {
            let end = min(start + step, bytes.count)
            var differences: UInt8 = 0
            for index in start..<end { unsafe differences |= bytes[index] ^ first }
            if differences != 0 { return false }
            start = end
            step = 4_096
        }
        return true
    }
}
