public import SealedStreams

/// Takes the bytes of one new object of any store.
public struct BlobSink: ByteSink, ~Copyable, Sendable {
    private var sink: any OpenSink & ~Copyable & Sendable

    /// Wraps the sink of a store.
    ///
    /// - Parameter sink: The store's own sink.
    public init(_ sink: consuming some ByteSink & ~Copyable & Sendable) {
        self.sink = SingleUseSink(sink: sink)
    }

    /// Takes the next bytes.
    ///
    /// - Parameter bytes: What comes next.
    /// - Throws: ``RepositoryError`` when they cannot be stored.
    public mutating func write(_ bytes: RawSpan) throws {
        try sink.write(bytes)
    }

    /// Makes the object exist.
    ///
    /// - Throws: ``RepositoryError`` when it cannot be stored or the name was taken meanwhile.
    public consuming func finish() throws {
        try sink.finish()
    }
}

/// Gives the bytes of one object of any store.
public struct BlobSource: ByteSource, ~Copyable, Sendable {
    private var source: any ByteSource & ~Copyable & Sendable

    /// Wraps the source of a store.
    ///
    /// - Parameter source: The store's own source.
    public init(_ source: consuming some ByteSource & ~Copyable & Sendable) {
        self.source = consume source
    }

    /// Appends the next bytes to a buffer.
    ///
    /// - Parameters:
    ///   - maximum: How many bytes to append at most.
    ///   - buffer: Where to append them.
    /// - Returns: How many bytes were appended; 0 at the end.
    /// - Throws: ``RepositoryError`` when they cannot be read.
    public mutating func read(upTo maximum: Int, into buffer: inout ReusableBuffer) throws -> Int {
        try source.read(upTo: maximum, into: &buffer)
    }
}

/// A sink behind an existential, which can be written and finished, but not consumed.
private protocol OpenSink: ~Copyable {
    mutating func write(_ bytes: RawSpan) throws
    mutating func finish() throws
}

/// Holds a sink until it is finished.
private struct SingleUseSink<Sink: ByteSink & ~Copyable & Sendable>: OpenSink, ~Copyable, Sendable {
    private var sink: Sink?

    init(sink: consuming Sink) { self.sink = consume sink }

    mutating func write(_ bytes: RawSpan) throws { try sink?.write(bytes) }

    mutating func finish() throws { try sink.take()?.finish() }
}
