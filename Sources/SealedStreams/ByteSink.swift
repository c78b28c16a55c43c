/// Something that takes bytes in order and must be finished once.
///
/// A sink that goes away without ``finish()`` has failed: whatever it wrote must not count. Its deinitializer cleans up.
public protocol ByteSink: ~Copyable {
    /// Takes the next bytes; they are only valid during the call.
    ///
    /// - Parameter bytes: What comes next, of any length.
    /// - Throws: When the bytes cannot be stored; the sink is then of no further use.
    mutating func write(_ bytes: RawSpan) throws

    /// Makes everything written count.
    ///
    /// - Throws: When it cannot be made to count; then nothing was written.
    consuming func finish() throws
}

extension ByteSink where Self: ~Copyable {
    /// Takes the next bytes.
    ///
    /// - Parameter bytes: What comes next.
    /// - Throws: What ``write(_:)`` throws.
    public mutating func write(_ bytes: [UInt8]) throws {
        try unsafe write(bytes.span.bytes)
    }
}

/// Something that gives bytes in order.
public protocol ByteSource: ~Copyable {
    /// Appends the next bytes to a buffer.
    ///
    /// - Parameters:
    ///   - maximum: How many bytes to append at most; more than 0.
    ///   - buffer: Where to append them.
    /// - Returns: How many bytes were appended, at least 1; 0 only at the end.
    /// - Throws: When the bytes cannot be read.
    mutating func read(upTo maximum: Int, into buffer: inout ReusableBuffer) throws -> Int
}

/// Bytes in memory as a source.
public struct MemorySource: ByteSource, Sendable {
    private let bytes: [UInt8]
    private var position = 0

    /// A source that gives these bytes.
    ///
    /// - Parameter bytes: What to give.
    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Appends the next bytes to a buffer.
    ///
    /// - Parameters:
    ///   - maximum: How many bytes to append at most.
    ///   - buffer: Where to append them.
    /// - Returns: How many bytes were appended; 0 at the end.
    public mutating func read(upTo maximum: Int, into buffer: inout ReusableBuffer) -> Int {
        let length = min(maximum, bytes.count - position)
        unsafe buffer.append(bytes.span.extracting(position..<position + length).bytes)
        position += length
        return length
    }
}
