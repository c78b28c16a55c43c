import SealedStreams

/// Writes lists of values in the form that suits them.
///
/// Nothing is known of their types but their bytes. A form is tried on some of the values first, and used only when it is
/// exact for every one of them. All choices depend on the values alone, so the same rows give the same bytes.
struct ValueEncoder: ~Copyable, Sendable {
    /// Shorter lists are written without looking for anything special in them.
    static let shortest = 16

    var streams: StreamEncoder
    var numberEncoder = NumberEncoder()
    /// The values as integers, or their mantissas.
    var numbers = ScratchArray<Int64>()
    /// A second form of them: without decimals, less another column, or their scales.
    var others = ScratchArray<Int64>()
    var plane = ScratchArray<UInt8>()
    var counts = ScratchArray<UInt16>()
    private var dictionary = DictionaryBuilder()
    private var templates = TemplateBuilder()

    init(level: Int) throws(SealedStreamError) {
        streams = try StreamEncoder(level: level)
    }

    /// Writes values; a dictionary of them when that is shorter.
    ///
    /// - Parameters:
    ///   - list: The values.
    ///   - references: Columns whose integers may be close to these.
    ///   - canNest: Whether the values may be taken apart into templates; what stands in their holes may not.
    ///   - output: Where to write.
    /// - Throws: `SealedStreamError` when libzstd fails.
    mutating func write(
        _ list: ValueList,
        near references: References,
        canNest: Bool = true,
        to output: inout ReusableBuffer
    ) throws(SealedStreamError) {
        let count = unsafe list.count
        if count >= Self.shortest, unsafe dictionary.isPromising(list), unsafe dictionary.build(list),
            try unsafe paysDictionary(list, references)
        {
            output.append(byte: ValueKind.dictionary.rawValue)
            output.append(varint: UInt64(dictionary.count))
            // Nothing of the dictionary changes while its entries are written.
            try unsafe writePlain(dictionary.entries, near: References(), to: &output)
            let plan = numberEncoder.plan(dictionary.places, count: count)
            return try numberEncoder.write(
                plan, dictionary.places, count: count, through: &streams, to: &output)
        }
        if canNest, unsafe TemplateBuilder.isPromising(list), try unsafe writeTemplates(list, to: &output) { return }
        try unsafe writePlain(list, near: references, to: &output)
    }

    /// Writes a list of small numbers, such as which rows are NULL.
    mutating func writeNumbers(
        count: Int,
        to output: inout ReusableBuffer,
        _ number: (Int) -> Int64
    ) throws(SealedStreamError) {
        numbers.makeRoom(for: count)
        for index in 0..<count { unsafe numbers.start[index] = number(index) }
        try writeNumbers(count, to: &output)
    }

    /// Writes bytes as they are, or compressed.
    mutating func writeStream(
        _ bytes: UnsafeRawBufferPointer,
        to output: inout ReusableBuffer
    ) throws(SealedStreamError) {
        try unsafe streams.write(bytes, .values, to: &output)
    }

    // MARK: The forms

    /// Writes values as templates and what stands in their holes; false, and nothing, when that is not shorter.
    private mutating func writeTemplates(
        _ list: ValueList,
        to output: inout ReusableBuffer
    ) throws(SealedStreamError) -> Bool {
        guard unsafe templates.build(list) else { return false }
        let plain = try unsafe compressedLength(of: list.bytes, sample: Self.documentSample)
        let start = output.count
        let texts = templates.templates
        output.append(byte: ValueKind.templates.rawValue)
        output.append(varint: UInt64(texts.count))
        output.append(byte: ValueKind.bytes.rawValue)
        try writeNumbers(count: texts.count, to: &output) { Int64(texts[$0].count) }
        let joined = texts.flatMap(\.self)
        try unsafe joined.span.bytes.withUnsafeBytes { (bytes) throws(SealedStreamError) in
            try unsafe streams.write(bytes, .values, to: &output)
        }
        let count = unsafe list.count
        let plan = numberEncoder.plan(templates.choices, count: count)
        try numberEncoder.write(plan, templates.choices, count: count, through: &streams, to: &output)
        for (template, text) in texts.enumerated() {
            for (hole, kind) in text.compactMap({ TemplateHole(rawValue: $0) }).enumerated() {
                // Nothing of the templates changes while the values of a hole are written.
                guard let values = unsafe templates.values(hole, kind, of: template, in: list) else { continue }
                try unsafe write(values, near: References(), canNest: false, to: &output)
            }
            if output.count - start > plain { break }
        }
        guard output.count - start < plain else {
            output.removeLast(output.count - start)
            return false
        }
        return true
    }

    private mutating func writePlain(
        _ list: ValueList,
        near references: References,
        to output: inout ReusableBuffer
    ) throws(SealedStreamError) {
        let count = unsafe list.count
        if let width = unsafe list.width {
            if unsafe loadIntegers(list, width) {
                return try writeIntegers(count, width, near: references, to: &output)
            }
            if try unsafe favoursPlanes(list, width) { return try unsafe writePlanes(list, width, to: &output) }
        } else if unsafe loadNumerics(list) {
            output.append(byte: ValueKind.numerics.rawValue)
            let scales = numberEncoder.plan(others, count: count)
            try numberEncoder.write(scales, others, count: count, through: &streams, to: &output)
            return try writeNumbers(count, to: &output)
        }
        output.append(byte: ValueKind.bytes.rawValue)
        try writeNumbers(count: count, to: &output) { index in unsafe Int64(list.length(index)) }
        try unsafe streams.write(list.bytes, .values, to: &output)
    }

    /// Writes the integers in ``numbers``.
    private mutating func writeIntegers(
        _ count: Int,
        _ width: Int,
        near references: References,
        to output: inout ReusableBuffer
    ) throws(SealedStreamError) {
        let choice = chooseIntegers(count, width, near: references)
        output.append(byte: choice.kind.rawValue)
        switch choice.kind {
        case .decimals:
            _ = loadDecimals(count, width, choice.detail)
            output.append(byte: UInt8(width))
            output.append(byte: UInt8(choice.detail))
        case .differences:
            loadDifferences(count, references, choice.detail)
            output.append(varint: UInt64(references.column(choice.detail)))
        default:
            output.append(byte: UInt8(width))
            return try numberEncoder.write(
                choice.plan, numbers, count: count, through: &streams, to: &output)
        }
        try numberEncoder.write(choice.plan, others, count: count, through: &streams, to: &output)
    }

    private mutating func writePlanes(
        _ list: ValueList,
        _ width: Int,
        to output: inout ReusableBuffer
    ) throws(SealedStreamError) {
        output.append(byte: ValueKind.planes.rawValue)
        output.append(varint: UInt64(width))
        let count = unsafe list.count
        plane.makeRoom(for: count)
        for byte in 0..<width {
            unsafe list.bytes.withMemoryRebound(to: UInt8.self) { bytes in
                for index in 0..<count { unsafe plane.start[index] = bytes[index * width + byte] }
            }
            try unsafe streams.write(.init(start: plane.start, count: count), .plane, to: &output)
        }
    }

    private mutating func writeNumbers(_ count: Int, to output: inout ReusableBuffer) throws(SealedStreamError) {
        let plan = numberEncoder.plan(numbers, count: count)
        try numberEncoder.write(plan, numbers, count: count, through: &streams, to: &output)
    }

    // MARK: Choices

    /// Whether the dictionary that was just built is shorter than the values themselves.
    private mutating func paysDictionary(_ list: ValueList, _ references: References) throws(SealedStreamError) -> Bool
    {
        let count = unsafe list.count
        let entries = UInt64(dictionary.byteCount) * 8 * LogTable.bit
        let places = numberEncoder.plan(dictionary.places, count: count).cost
        let isInteger = unsafe list.width.map { [1, 2, 4, 8].contains($0) } ?? false
        // A few long values among many: nothing is shorter.
        let bytes = unsafe list.bytes.count
        if !isInteger, dictionary.byteCount * 32 <= bytes { return true }
        let plain = try unsafe cost(of: list, near: references)
        return entries + places < plain
    }

    /// An estimate of the size without a dictionary, in units of ``LogTable/bit``.
    private mutating func cost(of list: ValueList, near references: References) throws(SealedStreamError) -> UInt64 {
        let count = unsafe list.count
        if let width = unsafe list.width, unsafe loadIntegers(list, width) {
            return chooseIntegers(count, width, near: references).plan.cost
        }
        if unsafe list.width == nil, unsafe loadNumerics(list) {
            return numberEncoder.plan(numbers, count: count).cost
        }
        let lengths = unsafe list.width == nil ? UInt64(count) : 0
        return try unsafe (lengths + UInt64(compressedLength(of: list.bytes))) * 8 * LogTable.bit
    }
}
