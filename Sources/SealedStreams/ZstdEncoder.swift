import CZstd

/// A zstd compressor whose memory is set up once and used for many frames.
@safe public struct ZstdEncoder: ~Copyable, @unchecked Sendable {
    // `@unchecked`: the context has one owner, and moving it to another thread moves the only pointer.
    private let context: OpaquePointer
    private var output: ReusableBuffer
    private var level: Int

    /// The compression level backups use: the best that still keeps up with a COPY.
    public static let standardLevel = 3

    /// The binary logarithm of the largest window, which bounds the memory a reader needs (8 MiB).
    static let largestWindowLog = 23

    /// Sets up a compressor.
    ///
    /// The corresponding libzstd function is `ZSTD_CCtx_setParameter`.
    ///
    /// - Parameter level: The compression level, 1 to 19.
    /// - Throws: ``SealedStreamError`` when there is not enough memory.
    public init(level: Int = ZstdEncoder.standardLevel) throws(SealedStreamError) {
        precondition((1...19).contains(level), "A zstd level is 1 to 19")
        guard let context = unsafe ZSTD_createCCtx() else { throw .library("ZSTD_createCCtx", "no memory") }
        let status = unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, Int32(level))
        let windowStatus =
            level > 17 ? unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, Int32(Self.largestWindowLog)) : 0
        guard ZSTD_isError(status) == 0, ZSTD_isError(windowStatus) == 0 else {
            unsafe ZSTD_freeCCtx(context)
            throw .library("ZSTD_CCtx_setParameter", "level \(level) refused")
        }
        unsafe self.context = context
        self.level = level
        output = ReusableBuffer(capacity: ZSTD_CStreamOutSize())
    }

    deinit {
        unsafe ZSTD_freeCCtx(context)
    }

    /// Compresses the next bytes of a running frame; what is ready goes to the sink.
    ///
    /// - Parameters:
    ///   - bytes: What comes next, of any length.
    ///   - sink: Gets the compressed bytes in pieces of 128 KiB or less.
    /// - Throws: ``SealedStreamError`` when libzstd fails, or what the sink throws.
    public mutating func write(_ bytes: RawSpan, to sink: inout some ByteSink & ~Copyable) throws {
        try run(bytes, ZSTD_e_continue, to: &sink)
    }

    /// Ends the running frame; the next ``write(_:to:)`` begins another one.
    ///
    /// - Parameter sink: Gets the rest of the frame.
    /// - Throws: ``SealedStreamError`` when libzstd fails, or what the sink throws.
    public mutating func finish(to sink: inout some ByteSink & ~Copyable) throws {
        let nothing: [UInt8] = []
        try unsafe run(nothing.span.bytes, ZSTD_e_end, to: &sink)
    }

    /// Appends a whole frame of bytes that are all there.
    ///
    /// No frame may be running.
    ///
    /// The corresponding libzstd function is `ZSTD_compress2`.
    ///
    /// - Parameters:
    ///   - bytes: The content of the frame.
    ///   - buffer: Where to append the frame.
    /// - Throws: ``SealedStreamError`` when libzstd fails.
    public mutating func appendFrame(
        of bytes: RawSpan,
        to buffer: inout ReusableBuffer
    ) throws(SealedStreamError) {
        try unsafe buffer.appendUnsafely(upTo: ZSTD_compressBound(bytes.byteCount)) {
            (room) throws(SealedStreamError) in
            let length = unsafe bytes.withUnsafeBytes { source in
                unsafe ZSTD_compress2(context, room.baseAddress, room.count, source.baseAddress, source.count)
            }
            guard ZSTD_isError(length) == 0 else { throw ZstdFailure.error("ZSTD_compress2", length) }
            return length
        }
    }

    /// Appends a whole frame at another level than the one before.
    ///
    /// No frame may be running; the level stays for the next one.
    ///
    /// - Parameters:
    ///   - bytes: The content of the frame.
    ///   - level: The compression level, 1 to 17.
    ///   - buffer: Where to append the frame.
    /// - Throws: ``SealedStreamError`` when libzstd fails.
    public mutating func appendFrame(
        of bytes: RawSpan,
        level: Int,
        to buffer: inout ReusableBuffer
    ) throws(SealedStreamError) {
        precondition((1...17).contains(level), "The level of a frame is 1 to 17")
        if level != self.level {
            let status = unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, Int32(level))
            guard ZSTD_isError(status) == 0 else {
                throw .library("ZSTD_CCtx_setParameter", "level \(level) refused")
            }
            self.level = level
        }
        try appendFrame(of: bytes, to: &buffer)
    }

    private mutating func run(
        _ bytes: RawSpan,
        _ directive: ZSTD_EndDirective,
        to sink: inout some ByteSink & ~Copyable
    ) throws {
        var consumed = 0
        while true {
            let remaining = try step(bytes, from: &consumed, directive)
            if !output.isEmpty {
                try output.withBytes { try sink.write($0) }
                output.removeAll()
            }
            // A frame ends when nothing is held back; in between it is enough that all input is taken.
            if directive == ZSTD_e_end ? remaining == 0 : consumed == bytes.byteCount { return }
        }
    }

    private mutating func step(
        _ bytes: RawSpan,
        from consumed: inout Int,
        _ directive: ZSTD_EndDirective
    ) throws(SealedStreamError) -> Int {
        var remaining = 0
        var position = consumed
        try unsafe output.appendUnsafely(upTo: output.capacity) { (room) throws(SealedStreamError) in
            var target = unsafe ZSTD_outBuffer(dst: room.baseAddress, size: room.count, pos: 0)
            unsafe bytes.withUnsafeBytes { source in
                var input = unsafe ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: position)
                remaining = unsafe ZSTD_compressStream2(context, &target, &input, directive)
                position = unsafe input.pos
            }
            guard ZSTD_isError(remaining) == 0 else { throw ZstdFailure.error("ZSTD_compressStream2", remaining) }
            return unsafe target.pos
        }
        consumed = position
        return remaining
    }
}

enum ZstdFailure {
    static func error(_ function: String, _ status: Int) -> SealedStreamError {
        .library(function, unsafe String(cString: ZSTD_getErrorName(status)))
    }
}
