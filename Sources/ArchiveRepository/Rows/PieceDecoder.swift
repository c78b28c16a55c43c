public import SealedStreams

/// Turns a piece back into the COPY that it was made from.
///
/// Whatever the bytes are, decoding ends with that COPY or with an error of the class corrupt: it does not trap, and it
/// does not use more memory than a group and the piece's own rows of that moment may need. One decoder reads one piece
/// after the other; it is used by one thread at a time.
///
/// ```swift
/// var decoder = try PieceDecoder(name: "chunks/…")
/// decoder.begin(length: piece.length)
/// while try decoder.decode(from: &source, into: &buffer) { … ; buffer.removeAll() }
/// let rows = decoder.rows
/// ```
public struct PieceDecoder: ~Copyable, Sendable {
    private enum State {
        case start
        case groups
        case parts
        case end
    }

    private let name: String
    private var groups: GroupDecoder
    private var input = ReusableBuffer(capacity: 1 << 16)
    private var part = ScratchArray<UInt8>()
    private var verbatim: VerbatimCursor
    private var live: LiveCursor
    private var digests: DecodedDigests
    private var state = State.end
    private var left = 0
    private var columns = 0
    private var format = CopyFormat.binary
    private var hasTemplates = false
    private var isWhole = true
    /// How many rows were read, wanted or not; all of them when ``decode(from:into:)`` returned false.
    public private(set) var rows = 0
    /// The ranges of the rows; known when ``decode(from:into:)`` returned false.
    public private(set) var ranges: [PieceRange] = []
    /// The content digest of the rows that were given out, when ``begin(length:live:digesting:)`` was given their types.
    public var digest: Int128? { digests.areWanted ? digests.sum : nil }

    /// Sets up a decoder; ``begin(length:live:digesting:)`` comes next.
    ///
    /// - Parameter name: The object that is read, for messages.
    /// - Throws: `SealedStreamError` when there is not enough memory.
    public init(name: String) throws(SealedStreamError) {
        self.name = name
        groups = try GroupDecoder(name: name)
        verbatim = VerbatimCursor()
        live = LiveCursor(nil, name: name)
        digests = DecodedDigests(types: nil, name: name)
    }

    /// Begins a piece.
    ///
    /// - Parameters:
    ///   - length: How long the piece is; not a byte more is read from the source.
    ///   - live: Which rows are wanted, in order, as many as the piece has; all when there is no list.
    ///   - types: The number of each column's type, as `ContentDigest` gives them, when the content digest of the rows
    ///     shall be computed on the way. A piece that keeps the digests of its ranges is corrupt then if they are others.
    public mutating func begin(length: Int, live: [LiveRows]? = nil, digesting types: [UInt32]? = nil) {
        precondition(length >= 0, "A piece has no negative length")
        left = length
        self.live = LiveCursor(live, name: name)
        digests = DecodedDigests(types: types, name: name)
        isWhole = live == nil
        state = .start
        rows = 0
        ranges = []
    }

    /// Appends the next bytes of the COPY stream: about a group at most, and never more than 8 MiB.
    ///
    /// The bytes of all calls are the header, the wanted rows and the trailer; their borders mean nothing.
    ///
    /// - Parameters:
    ///   - source: Gives the bytes of the piece.
    ///   - output: Where to append.
    /// - Returns: Whether something was appended; false at the end, when the whole piece was found good.
    /// - Throws: `SealedStreamError` of the class corrupt, or what the source throws.
    public mutating func decode(
        from source: inout some ByteSource & ~Copyable,
        into output: inout ReusableBuffer
    ) throws -> Bool {
        let before = output.count
        while output.count == before {
            switch state {
            case .start: try readHeader(from: &source, into: &output)
            case .groups: try readGroup(from: &source, into: &output)
            case .parts: try readPart(from: &source, into: &output)
            case .end: return false
            }
        }
        return true
    }

    // MARK: Header and trailer

    private mutating func readHeader(
        from source: inout some ByteSource & ~Copyable,
        into output: inout ReusableBuffer
    ) throws {
        let header = try take(4, from: &source)
        columns = header >> 16
        guard let format = CopyFormat(rawValue: UInt8(header >> 8 & 0xff)), columns <= PieceFormat.mostColumns else {
            throw SealedStreamError.corrupt(name, "has a piece with a header that cannot be")
        }
        let codec = UInt8(header & 0xff)
        let known =
            format == .binary ? [PieceFormat.templateCodec, PieceFormat.columnarCodec] : [PieceFormat.verbatimCodec]
        guard known.contains(codec) else {
            throw SealedStreamError.unsupportedVersion(name, "has rows in codec \(codec) of COPY format \(format)")
        }
        try digests.check(columns: columns, format: format)
        self.format = format
        hasTemplates = codec == PieceFormat.templateCodec
        if format == .binary { output.append(CopyFrame.header) }
        state = .groups
    }

    private mutating func readTrailer(
        from source: inout some ByteSource & ~Copyable,
        into output: inout ReusableBuffer
    ) throws {
        let count = try take(4, from: &source)
        guard left == count * PieceFormat.rangeBytes else {
            throw SealedStreamError.corrupt(name, "has a piece that is not as long as it says")
        }
        var ranged = 0
        for _ in 0..<count {
            let rows = try take(4, from: &source)
            var digest: UInt128 = 0
            for index in 0..<4 { digest |= UInt128(try take(4, from: &source)) << UInt128(32 * index) }
            ranges.append(PieceRange(rows: rows, digest: Int128(bitPattern: digest)))
            ranged += rows
        }
        guard count == 0 || ranged == rows, live.isAtEnd else {
            throw SealedStreamError.corrupt(name, "has \(rows) rows, which is not what is expected")
        }
        if isWhole { try digests.check(ranges) }
        if format == .binary { output.append(CopyFrame.trailer) }
        state = .end
    }

    // MARK: Groups

    private mutating func readGroup(
        from source: inout some ByteSource & ~Copyable,
        into output: inout ReusableBuffer
    ) throws {
        let count = try take(4, from: &source)
        if count == 0 { return try readTrailer(from: &source, into: &output) }
        guard count <= PieceFormat.groupRows else {
            throw SealedStreamError.corrupt(name, "has a group with more rows than there can be")
        }
        try fill(1, from: &source)
        switch GroupCoding(rawValue: input.array[0]) {
        case .columnar where format == .binary: try readColumns(count, from: &source, into: &output)
        case .verbatim: try readLengths(count, from: &source)
        default: throw SealedStreamError.corrupt(name, "has a group in an unknown coding")
        }
        rows += count
    }

    private mutating func readColumns(
        _ count: Int,
        from source: inout some ByteSource & ~Copyable,
        into output: inout ReusableBuffer
    ) throws {
        let rawBytes = try take(4, from: &source)
        let length = try take(4, from: &source)
        guard rawBytes <= PieceFormat.groupBytes,
            length <= PieceFormat.mostBody(rawBytes: rawBytes, columns: columns)
        else {
            throw SealedStreamError.corrupt(name, "has a group that is longer than its rows")
        }
        try fill(length, from: &source)
        let (columns, hasTemplates) = (columns, hasTemplates)
        try input.withBytes { (body) throws(SealedStreamError) in
            try groups.read(
                rows: count, columns: columns, rawBytes: rawBytes, hasTemplates: hasTemplates, body: body)
        }
        try groups.assemble(rows: count, live: &live, digests: &digests, into: &output)
    }

    private mutating func readLengths(_ count: Int, from source: inout some ByteSource & ~Copyable) throws {
        let length = try take(4, from: &source)
        guard length <= 8 * count + 256 else {
            throw SealedStreamError.corrupt(name, "has a group that is longer than its rows")
        }
        try fill(length, from: &source)
        try input.withBytes { (body) throws(SealedStreamError) in
            try groups.readLengths(count, from: body, into: &verbatim.lengths)
        }
        verbatim.begin(rows: count)
        state = .parts
    }

    private mutating func readPart(
        from source: inout some ByteSource & ~Copyable,
        into output: inout ReusableBuffer
    ) throws {
        guard verbatim.bytesLeft > 0 else {
            try verbatim.finish(&live, &digests)
            state = .groups
            return
        }
        let size = try take(4, from: &source)
        let length = try take(4, from: &source)
        guard size > 0, size <= min(PieceFormat.partBytes, verbatim.bytesLeft), length <= size + 16 else {
            throw SealedStreamError.corrupt(name, "has a part of its rows of a length that cannot be")
        }
        try fill(length, from: &source)
        part.makeRoom(for: size)
        try input.withBytes { (body) throws(SealedStreamError) in
            try unsafe groups.readStream(from: body, filling: .init(start: part.start, count: size))
        }
        try unsafe verbatim.pass(.init(start: part.start, count: size), &live, &digests, into: &output)
    }

    // MARK: Input

    /// Reads a little-endian number.
    private mutating func take(_ length: Int, from source: inout some ByteSource & ~Copyable) throws -> Int {
        try fill(length, from: &source)
        return input.withBytes { bytes in
            unsafe Int(UInt32(littleEndian: bytes.unsafeLoadUnaligned(as: UInt32.self)))
        }
    }

    /// Reads exactly so many bytes into ``input``.
    private mutating func fill(_ length: Int, from source: inout some ByteSource & ~Copyable) throws {
        guard length <= left else { throw SealedStreamError.corrupt(name, "has a piece that ends too early") }
        input.removeAll()
        while input.count < length {
            guard try source.read(upTo: length - input.count, into: &input) > 0 else {
                throw SealedStreamError.corrupt(name, "ends too early")
            }
        }
        left -= length
    }
}
