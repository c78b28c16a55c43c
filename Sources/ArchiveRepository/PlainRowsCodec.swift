public import SealedStreams

/// Codec 0: the rows as they came, in one zstd frame.
public struct PlainRowsCodec: ChunkCodec {
    private let level: Int

    /// The number 0.
    public var id: UInt8 { 0 }

    /// The codec with a compression level.
    ///
    /// - Parameter level: The zstd level, 1 to 19.
    public init(level: Int = ZstdEncoder.standardLevel) {
        self.level = level
    }

    /// An encoder for one chunk.
    ///
    /// - Returns: A fresh encoder.
    /// - Throws: `SealedStreamError` when there is not enough memory.
    public func makeEncoder() throws -> any ChunkEncoder & ~Copyable & Sendable {
        PlainRowsEncoder(try ZstdEncoder(level: level))
    }

    /// A decoder for one chunk.
    ///
    /// - Parameter name: The object that is read, for messages.
    /// - Returns: A fresh decoder.
    /// - Throws: `SealedStreamError` when there is not enough memory.
    public func makeDecoder(name: String) throws -> any ChunkDecoder & ~Copyable & Sendable {
        PlainRowsDecoder(try ZstdDecoder(name: name))
    }
}

private struct PlainRowsEncoder: ChunkEncoder, ~Copyable, Sendable {
    // Rows are short; gathering them makes one call of the compressor out of hundreds.
    private static let gathered = 1 << 17

    private var compressor: ZstdEncoder
    private var rows = ReusableBuffer(capacity: gathered)

    init(_ compressor: consuming ZstdEncoder) {
        self.compressor = compressor
    }

    mutating func encode(_ row: RawSpan, into output: inout ObjectSink) throws {
        if rows.count + row.byteCount > Self.gathered { try flush(into: &output) }
        guard row.byteCount < Self.gathered else { return try compressor.write(row, to: &output) }
        rows.append(row)
    }

    mutating func finish(into output: inout ObjectSink) throws {
        try flush(into: &output)
        try compressor.finish(to: &output)
    }

    private mutating func flush(into output: inout ObjectSink) throws {
        try rows.withBytes { try compressor.write($0, to: &output) }
        rows.removeAll()
    }
}

private struct PlainRowsDecoder: ChunkDecoder, ~Copyable, Sendable {
    private var decompressor: ZstdDecoder

    init(_ decompressor: consuming ZstdDecoder) {
        self.decompressor = decompressor
    }

    mutating func decode(from input: inout ObjectSource, into buffer: inout ReusableBuffer) throws -> Bool {
        try decompressor.read(from: &input, into: &buffer) > 0
    }
}
