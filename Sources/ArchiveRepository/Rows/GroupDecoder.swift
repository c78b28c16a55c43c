import SealedStreams

/// Reads columnar groups: first every column into memory, then row by row out of it.
///
/// What a group says of its size bounds all memory before any of it is used: a row has at least two bytes, and four for
/// each of its columns, and no group has more than 8 MiB of rows.
struct GroupDecoder: ~Copyable, Sendable {
    private static let digestedRows = 64

    private let name: String
    private var plain: PlainValueDecoder
    private var dictionary = DictionaryDecoder()
    private var templates = TemplateDecoder()
    private var hasTemplates = false
    private var values = ValueBuffer()
    private var nulls = ScratchArray<Int64>()
    private var lengths = ScratchArray<Int32>()
    private var columns: [DecodedColumn] = []

    init(name: String) throws(SealedStreamError) {
        self.name = name
        plain = try PlainValueDecoder(name: name)
    }

    /// Reads a list of lengths, as they stand before rows that were kept as they came.
    ///
    /// - Parameters:
    ///   - count: How many rows there are.
    ///   - bytes: All bytes of the list.
    ///   - lengths: Gets the lengths.
    /// - Throws: `SealedStreamError` of the class corrupt.
    mutating func readLengths(
        _ count: Int,
        from bytes: RawSpan,
        into lengths: inout ScratchArray<Int32>
    ) throws(SealedStreamError) {
        try unsafe bytes.withUnsafeBytes { (raw) throws(SealedStreamError) in
            var reader = unsafe BodyReader(raw, name: name)
            try unsafe plain.readNumbers(count, from: &reader)
            guard unsafe reader.isAtEnd else { throw unsafe reader.corrupt("has bytes behind the lengths of its rows") }
            lengths.makeRoom(for: count)
            for index in 0..<count {
                let length = plain.numbers[index]
                guard length >= 0, length <= PieceFormat.longestRow else {
                    throw unsafe reader.corrupt("has a row of a length that cannot be")
                }
                lengths[index] = Int32(length)
            }
        }
    }

    /// Reads one stream.
    mutating func readStream(
        from bytes: RawSpan,
        filling target: UnsafeMutableRawBufferPointer
    ) throws(SealedStreamError) {
        try unsafe bytes.withUnsafeBytes { (raw) throws(SealedStreamError) in
            var reader = unsafe BodyReader(raw, name: name)
            try unsafe plain.streams.read(from: &reader, filling: target)
            guard unsafe reader.isAtEnd else { throw unsafe reader.corrupt("has bytes behind a part of its rows") }
        }
    }

    /// Reads every column of a group.
    ///
    /// - Parameters:
    ///   - rows: How many rows it says that it has.
    ///   - columnCount: How many columns the piece has.
    ///   - rawBytes: How long it says that its rows are.
    ///   - hasTemplates: Whether values can be kept as templates.
    ///   - body: Its bytes.
    /// - Throws: `SealedStreamError` of the class corrupt.
    mutating func read(
        rows: Int,
        columns columnCount: Int,
        rawBytes: Int,
        hasTemplates: Bool,
        body: RawSpan
    ) throws(SealedStreamError) {
        let smallest = rows * (2 + 4 * columnCount)
        guard rawBytes <= PieceFormat.groupBytes, smallest <= rawBytes else {
            throw .corrupt(name, "has a group of a size that cannot be")
        }
        self.hasTemplates = hasTemplates
        values.begin(limit: rawBytes - smallest)
        lengths.makeRoom(for: rows * columnCount)
        columns.removeAll(keepingCapacity: true)
        try unsafe body.withUnsafeBytes { (raw) throws(SealedStreamError) in
            var reader = unsafe BodyReader(raw, name: name)
            for _ in 0..<columnCount { try unsafe readColumn(rows, from: &reader) }
            guard unsafe reader.isAtEnd, values.room == 0 else {
                throw unsafe reader.corrupt("has a group that is not as long as it says")
            }
        }
    }

    /// Writes rows of the group that was read, as COPY sent them.
    ///
    /// - Parameters:
    ///   - rows: How many rows the group has.
    ///   - live: Says which of them are wanted.
    ///   - digests: Gets each row that is wanted, if it wants them.
    ///   - output: Gets the rows.
    /// - Throws: `SealedStreamError` of the class corrupt when more rows come than were expected.
    func assemble(
        rows: Int,
        live: inout LiveCursor,
        digests: inout DecodedDigests,
        into output: inout ReusableBuffer
    ) throws(SealedStreamError) {
        var assembler = unsafe RowAssembler(columns: columns, values: values.bytes.start, lengths: lengths.start)
        defer { unsafe assembler.deallocate() }
        var row = 0
        while row < rows {
            // Rows are digested while they are still near the processor.
            let run = try live.next(upTo: digests.areWanted ? min(rows - row, Self.digestedRows) : rows - row)
            if run.isLive {
                try unsafe output.appendUnsafely(upTo: assembler.length(of: run.rows, from: row)) {
                    (room) throws(SealedStreamError) in
                    let written = unsafe assembler.write(run.rows, from: row, to: room)
                    try unsafe digests.add(run.rows, in: UnsafeRawBufferPointer(room))
                    return written
                }
            } else {
                unsafe assembler.skip(run.rows, from: row)
            }
            row += run.rows
        }
    }

    // MARK: Columns

    private mutating func readColumn(_ rows: Int, from reader: inout BodyReader) throws(SealedStreamError) {
        guard let presence = Presence(rawValue: try unsafe reader.byte()) else {
            throw unsafe reader.corrupt("has a column of an unknown form")
        }
        let start = values.count
        let own = columns.count * rows
        var count = presence == .all ? rows : 0
        if presence == .some {
            try unsafe plain.readNumbers(rows, from: &reader)
            nulls.makeRoom(for: rows)
            for row in 0..<rows {
                let isNull = unsafe plain.numbers.start[row]
                guard isNull == 0 || isNull == 1 else { throw unsafe reader.corrupt("has a NULL that is neither") }
                unsafe nulls.start[row] = isNull
                count += isNull == 0 ? 1 : 0
            }
            guard count > 0 else { throw unsafe reader.corrupt("has a column of values without values") }
        }
        if count > 0 { try unsafe readValues(count, presence, rows, from: &reader) }
        let isUniform = presence == .all && values.width != nil
        if !isUniform { unsafe spread(rows, presence, to: lengths.start + own) }
        columns.append(DecodedColumn(start: start, width: isUniform ? values.width : nil, lengths: own))
    }

    /// Writes the length of each row's value.
    private func spread(_ rows: Int, _ presence: Presence, to target: UnsafeMutablePointer<Int32>) {
        if presence == .none { return unsafe target.update(repeating: -1, count: rows) }
        let width = values.width ?? 0
        var place = 0
        for row in 0..<rows {
            if presence == .some, unsafe nulls.start[row] != 0 {
                unsafe target[row] = -1
                continue
            }
            unsafe target[row] = values.width == nil ? values.lengths.start[place] : Int32(width)
            place += 1
        }
    }

    private mutating func readValues(
        _ count: Int,
        _ presence: Presence,
        _ rows: Int,
        from reader: inout BodyReader
    ) throws(SealedStreamError) {
        guard let kind = ValueKind(rawValue: try unsafe reader.byte()) else {
            throw unsafe reader.corrupt("has values of an unknown form")
        }
        switch kind {
        case .differences: try unsafe readDifferences(count, presence, rows, from: &reader)
        case .templates where hasTemplates:
            try unsafe templates.read(count, from: &reader, through: &plain, &dictionary, into: &values)
        default: try unsafe dictionary.read(kind, count, from: &reader, through: &plain, into: &values)
        }
    }

    private mutating func readDifferences(
        _ count: Int,
        _ presence: Presence,
        _ rows: Int,
        from reader: inout BodyReader
    ) throws(SealedStreamError) {
        let index = try unsafe reader.varint(upTo: PieceFormat.mostColumns)
        guard index < columns.count, columns[index].width == 8 else {
            throw unsafe reader.corrupt("has differences to a column that cannot be")
        }
        try unsafe plain.readNumbers(count, from: &reader)
        let reference = unsafe UnsafeRawPointer(values.bytes.start + columns[index].start)
        var place = 0
        for row in 0..<rows {
            if presence == .some, unsafe nulls.start[row] != 0 { continue }
            let other = unsafe Int64(bigEndian: (reference + 8 * row).loadUnaligned(as: Int64.self))
            plain.numbers[place] &+= other
            place += 1
        }
        try unsafe plain.storeIntegers(count, 8, reader, into: &values)
    }
}
