import SealedStreams

/// Reads values that are kept as templates and what stands in their holes.
///
/// What the templates say of the values bounds the memory for the holes before any of it is used.
struct TemplateDecoder: ~Copyable, Sendable {
    /// The most templates of a column.
    static let mostTemplates = 257
    /// How long the templates of a column are together at most.
    static let mostBytes = 1 << 20

    /// A piece of a template: bytes, and then a hole, unless it is the last one.
    struct Part: BitwiseCopyable {
        let start: Int
        let length: Int
        let hole: Int
    }

    struct Hole: BitwiseCopyable {
        let kind: TemplateHole
        /// The next value among those of the holes.
        var next: Int
        /// The length of each value, or -1 when they have not one length.
        let width: Int
        /// The next length, then.
        var nextLength: Int
    }

    private var texts = ValueBuffer()
    private var parts = ScratchArray<Part>()
    private var partStarts: [Int] = []
    private var counts: [Int] = []
    private var choices = ScratchArray<Int64>()
    private var slots = ValueBuffer()
    private var slotLengths = ScratchArray<Int32>()
    private var holes = ScratchArray<Hole>()
    private var kinds: [(kind: TemplateHole, template: Int)] = []

    /// Appends a list of values.
    mutating func read(
        _ count: Int,
        from reader: inout BodyReader,
        through plain: inout PlainValueDecoder,
        _ dictionary: inout DictionaryDecoder,
        into values: inout ValueBuffer
    ) throws(SealedStreamError) {
        let size = try unsafe readTemplates(count, from: &reader, through: &plain)
        try unsafe readChoices(count, size, from: &reader, through: &plain)
        let limit = try unsafe takeApart(size, room: values.room, reader)
        try unsafe readHoles(limit: limit, from: &reader, through: &plain, &dictionary)
        try unsafe fill(count, reader, into: &values)
    }

    private mutating func readTemplates(
        _ count: Int,
        from reader: inout BodyReader,
        through plain: inout PlainValueDecoder
    ) throws(SealedStreamError) -> Int {
        let size = try unsafe reader.varint(upTo: min(count, Self.mostTemplates))
        guard size > 0, try unsafe reader.byte() == ValueKind.bytes.rawValue else {
            throw unsafe reader.corrupt("has templates of an unknown form")
        }
        texts.begin(limit: Self.mostBytes)
        try unsafe plain.read(.bytes, size, from: &reader, into: &texts)
        return size
    }

    private mutating func readChoices(
        _ count: Int,
        _ size: Int,
        from reader: inout BodyReader,
        through plain: inout PlainValueDecoder
    ) throws(SealedStreamError) {
        try unsafe plain.readNumbers(count, from: &reader)
        choices.makeRoom(for: count)
        counts = [Int](repeating: 0, count: size)
        for index in 0..<count {
            let choice = unsafe plain.numbers.start[index]
            guard choice >= 0, choice < size else { throw unsafe reader.corrupt("has a value without a template") }
            unsafe choices.start[index] = choice
            counts[Int(choice)] += 1
        }
    }

    /// Finds the holes of each template; returns how many bytes can stand in all of them.
    private mutating func takeApart(
        _ size: Int,
        room: Int,
        _ reader: BodyReader
    ) throws(SealedStreamError) -> Int {
        parts.makeRoom(for: texts.count + size)
        partStarts = [0]
        kinds = []
        var partCount = 0
        var start = 0
        var least = 0
        var kept = 0
        var limit = room
        for template in 0..<size {
            let end = start + (texts.width ?? Int(texts.lengths[template]))
            guard counts[template] > 0 else { throw unsafe reader.corrupt("has a template that no value has") }
            var literal = start
            for place in start..<end {
                guard let kind = unsafe TemplateHole(rawValue: texts.bytes.start[place]) else { continue }
                parts[partCount] = Part(start: literal, length: place - literal, hole: kinds.count)
                partCount += 1
                kinds.append((kind, template))
                literal = place + 1
                switch kind {
                case .bytes: break
                case .number: limit += 8 * counts[template]
                case .uuid:
                    limit += 16 * counts[template]
                    least += (UUIDText.length - 1) * counts[template]
                }
                least += kind == .bytes ? 0 : counts[template]
            }
            parts[partCount] = Part(start: literal, length: end - literal, hole: -1)
            partCount += 1
            partStarts.append(partCount)
            kept += (end - start) * counts[template]
            start = end
        }
        // Only an empty string is shorter than its hole, and it has its quotes.
        guard least <= room, kept <= 2 * room else { throw unsafe PlainValueDecoder.tooLong(reader) }
        return limit
    }

    private mutating func readHoles(
        limit: Int,
        from reader: inout BodyReader,
        through plain: inout PlainValueDecoder,
        _ dictionary: inout DictionaryDecoder
    ) throws(SealedStreamError) {
        slots.begin(limit: limit)
        holes.makeRoom(for: kinds.count)
        var lengthCount = 0
        for (index, hole) in kinds.enumerated() {
            guard let kind = ValueKind(rawValue: try unsafe reader.byte()) else {
                throw unsafe reader.corrupt("has values of an unknown form")
            }
            let start = slots.count
            let count = counts[hole.template]
            try unsafe dictionary.read(kind, count, from: &reader, through: &plain, into: &slots)
            let width = slots.width ?? -1
            guard hole.kind == .bytes || width == (hole.kind == .number ? 8 : 16) else {
                throw unsafe reader.corrupt("has something else in a hole than its template says")
            }
            holes[index] = Hole(kind: hole.kind, next: start, width: width, nextLength: lengthCount)
            guard width < 0 else { continue }
            slotLengths.grow(to: lengthCount + count, keeping: lengthCount)
            unsafe (slotLengths.start + lengthCount).update(from: slots.lengths.start, count: count)
            lengthCount += count
        }
    }

    /// Writes the values.
    private mutating func fill(
        _ count: Int,
        _ reader: BodyReader,
        into values: inout ValueBuffer
    ) throws(SealedStreamError) {
        values.lengths.makeRoom(for: count)
        let texts = unsafe UnsafeRawPointer(self.texts.bytes.start)
        for index in 0..<count {
            let before = values.count
            let template = unsafe Int(choices.start[index])
            for place in partStarts[template]..<partStarts[template + 1] {
                let part = unsafe parts.start[place]
                guard part.length <= values.room else { throw unsafe PlainValueDecoder.tooLong(reader) }
                unsafe values.end.copyMemory(from: texts + part.start, byteCount: part.length)
                values.add(part.length)
                if part.hole >= 0 { try unsafe fillHole(part.hole, reader, into: &values) }
            }
            unsafe values.lengths.start[index] = Int32(values.count - before)
        }
        values.width = nil
    }

    @inline(__always)
    private mutating func fillHole(
        _ index: Int,
        _ reader: BodyReader,
        into values: inout ValueBuffer
    ) throws(SealedStreamError) {
        var hole = unsafe holes.start[index]
        var length = hole.width
        if length < 0 {
            length = unsafe Int(slotLengths.start[hole.nextLength])
            hole.nextLength += 1
        }
        let source = unsafe UnsafeRawPointer(slots.bytes.start + hole.next)
        hole.next += length
        unsafe holes.start[index] = hole
        switch hole.kind {
        case .bytes:
            guard length <= values.room else { throw unsafe PlainValueDecoder.tooLong(reader) }
            unsafe values.end.copyMemory(from: source, byteCount: length)
            values.add(length)
        case .number:
            var rest = unsafe UInt64(bigEndian: source.loadUnaligned(as: UInt64.self))
            var digits = 1
            var limit: UInt64 = 10
            while digits < 19, rest >= limit {
                digits += 1
                limit *= 10
            }
            guard digits <= 18, digits <= values.room else { throw unsafe PlainValueDecoder.tooLong(reader) }
            for place in (0..<digits).reversed() {
                unsafe values.end.storeBytes(of: UInt8(48 + rest % 10), toByteOffset: place, as: UInt8.self)
                rest /= 10
            }
            values.add(digits)
        case .uuid:
            guard UUIDText.length <= values.room else { throw unsafe PlainValueDecoder.tooLong(reader) }
            unsafe UUIDText.write(source, to: values.end)
            values.add(UUIDText.length)
        }
    }
}
