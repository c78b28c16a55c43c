import SealedStreams

/// Reads lists of values of every form that needs no other column.
struct DictionaryDecoder: ~Copyable, Sendable {
    private var entries = ValueBuffer()
    private var entryStarts = ScratchArray<Int>()

    /// Appends a list of values.
    ///
    /// - Parameters:
    ///   - kind: The form; not differences, and not templates.
    ///   - count: How many values there are.
    ///   - reader: Where to read.
    ///   - plain: What reads plain lists.
    ///   - values: Gets the values, and says how long they are.
    /// - Throws: `SealedStreamError` of the class corrupt.
    mutating func read(
        _ kind: ValueKind,
        _ count: Int,
        from reader: inout BodyReader,
        through plain: inout PlainValueDecoder,
        into values: inout ValueBuffer
    ) throws(SealedStreamError) {
        guard kind == .dictionary else { return try unsafe plain.read(kind, count, from: &reader, into: &values) }
        let size = try unsafe reader.varint(upTo: count)
        guard size > 0, let kind = ValueKind(rawValue: try unsafe reader.byte()) else {
            throw unsafe reader.corrupt("has a dictionary of an unknown form")
        }
        // Every entry stands somewhere, so they fit where the values will.
        entries.begin(limit: values.room)
        try unsafe plain.read(kind, size, from: &reader, into: &entries)
        try unsafe plain.readNumbers(count, from: &reader)
        entryStarts.makeRoom(for: size)
        var start = 0
        for index in 0..<size {
            unsafe entryStarts.start[index] = start
            start += entries.width ?? Int(entries.lengths[index])
        }
        values.lengths.makeRoom(for: count)
        for index in 0..<count {
            let entry = unsafe Int(plain.numbers.start[index])
            guard entry >= 0, entry < size else { throw unsafe reader.corrupt("has a value that is in no dictionary") }
            let length = entries.width ?? Int(entries.lengths[entry])
            guard length <= values.room else { throw unsafe PlainValueDecoder.tooLong(reader) }
            let source = unsafe UnsafeRawPointer(entries.bytes.start + entryStarts.start[entry])
            unsafe values.end.copyMemory(from: source, byteCount: length)
            unsafe values.lengths.start[index] = Int32(length)
            values.add(length)
        }
        values.width = entries.width
    }
}
