import CZstd

/// A zstd decompressor whose memory is set up once and used for many frames.
@safe public struct ZstdDecoder: ~Copyable, @unchecked Sendable {
    // `@unchecked`: the context has one owner, and moving it to another thread moves the only pointer.
    private let context: OpaquePointer
    private let name: String
    private var input: ReusableBuffer
    private var position = 0
    private var isFrameOpen = true
    private var inputEnded = false

    /// Sets up a decompressor that needs at most 8 MiB of window.
    ///
    /// - Parameter name: The object that is read, for messages.
    /// - Throws: ``SealedStreamError`` when there is not enough memory.
    public init(name: String) throws(SealedStreamError) {
        guard let context = unsafe ZSTD_createDCtx() else { throw .library("ZSTD_createDCtx", "no memory") }
        let limit = Int32(ZstdEncoder.largestWindowLog)
        guard ZSTD_isError(unsafe ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, limit)) == 0 else {
            unsafe ZSTD_freeDCtx(context)
            throw .library("ZSTD_DCtx_setParameter", "window refused")
        }
        unsafe self.context = context
        self.name = name
        input = ReusableBuffer(capacity: ZSTD_DStreamInSize())
    }

    deinit {
        unsafe ZSTD_freeDCtx(context)
    }

    /// Appends the next decompressed bytes of the one frame that a source holds.
    ///
    /// - Parameters:
    ///   - source: Gives the compressed bytes.
    ///   - buffer: Where to append at most 128 KiB.
    /// - Returns: How many bytes were appended; 0 when the frame and the source are at their end.
    /// - Throws: ``SealedStreamError`` of the class corrupt when the frame is damaged, cut, or followed by more bytes;
    ///   or what the source throws.
    public mutating func read(
        from source: inout some ByteSource & ~Copyable,
        into buffer: inout ReusableBuffer
    ) throws -> Int {
        while isFrameOpen {
            try refill(from: &source)
            let wasExhausted = position == input.count
            let added = try step(into: &buffer)
            if added > 0 { return added }
            if isFrameOpen, wasExhausted, inputEnded { throw SealedStreamError.corrupt(name, "ends too early") }
        }
        try refill(from: &source)
        guard position == input.count else {
            throw SealedStreamError.corrupt(name, "has bytes behind its end")
        }
        return 0
    }

    /// Appends the content of a whole frame.
    ///
    /// The corresponding libzstd function is `ZSTD_decompressDCtx`.
    ///
    /// - Parameters:
    ///   - bytes: Exactly one frame.
    ///   - length: How long its content is.
    ///   - buffer: Where to append the content.
    /// - Throws: ``SealedStreamError`` of the class corrupt when the frame is damaged or of another length.
    public mutating func appendContent(
        ofFrame bytes: RawSpan,
        length: Int,
        to buffer: inout ReusableBuffer
    ) throws(SealedStreamError) {
        try unsafe buffer.appendUnsafely(upTo: max(length, 1)) { (room) throws(SealedStreamError) in
            let written = unsafe bytes.withUnsafeBytes { source in
                unsafe ZSTD_decompressDCtx(context, room.baseAddress, length, source.baseAddress, source.count)
            }
            guard ZSTD_isError(written) == 0, written == length else {
                throw .corrupt(name, "holds a compressed part that does not unpack")
            }
            return written
        }
    }

    /// Fills memory with the content of a whole frame.
    ///
    /// The corresponding libzstd function is `ZSTD_decompressDCtx`.
    ///
    /// - Parameters:
    ///   - frame: Exactly one frame.
    ///   - target: As long as the content has to be.
    /// - Throws: ``SealedStreamError`` of the class corrupt when the frame is damaged or of another length.
    public mutating func decompress(
        _ frame: RawSpan,
        filling target: inout MutableRawSpan
    ) throws(SealedStreamError) {
        let length = target.byteCount
        let written = unsafe target.withUnsafeMutableBytes { room in
            unsafe frame.withUnsafeBytes { source in
                unsafe ZSTD_decompressDCtx(context, room.baseAddress, room.count, source.baseAddress, source.count)
            }
        }
        guard ZSTD_isError(written) == 0, written == length else {
            throw .corrupt(name, "holds a compressed part that does not unpack")
        }
    }

    private mutating func refill(from source: inout some ByteSource & ~Copyable) throws {
        guard position == input.count, !inputEnded else { return }
        input.removeAll()
        position = 0
        inputEnded = try source.read(upTo: input.capacity, into: &input) == 0
    }

    private mutating func step(into buffer: inout ReusableBuffer) throws(SealedStreamError) -> Int {
        var status = 0
        var position = position
        let added = unsafe buffer.appendUnsafely(upTo: ZSTD_DStreamOutSize()) { room in
            var target = unsafe ZSTD_outBuffer(dst: room.baseAddress, size: room.count, pos: 0)
            input.withBytes { bytes in
                unsafe bytes.withUnsafeBytes { source in
                    var input = unsafe ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: position)
                    status = unsafe ZSTD_decompressStream(context, &target, &input)
                    position = unsafe input.pos
                }
            }
            return unsafe target.pos
        }
        guard ZSTD_isError(status) == 0 else { throw .corrupt(name, "does not decompress") }
        self.position = position
        isFrameOpen = status != 0
        return added
    }
}
