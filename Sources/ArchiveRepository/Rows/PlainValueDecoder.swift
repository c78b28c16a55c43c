import SealedStreams

/// Reads lists of values of every form but the dictionary.
struct PlainValueDecoder: ~Copyable, Sendable {
    var streams: StreamDecoder
    var numberDecoder = NumberDecoder()
    var numbers = ScratchArray<Int64>()
    private var others = ScratchArray<Int64>()
    private var plane = ScratchArray<UInt8>()

    init(name: String) throws(SealedStreamError) {
        streams = try StreamDecoder(name: name)
    }

    /// Fills ``numbers``.
    mutating func readNumbers(_ count: Int, from reader: inout BodyReader) throws(SealedStreamError) {
        try unsafe numberDecoder.read(count, from: &reader, through: &streams, into: &numbers)
    }

    /// Appends a list of values.
    ///
    /// - Parameters:
    ///   - kind: The form; not a dictionary, and not differences.
    ///   - count: How many values there are.
    ///   - reader: Where to read.
    ///   - target: Gets the values, and says how long they are.
    /// - Throws: `SealedStreamError` of the class corrupt.
    mutating func read(
        _ kind: ValueKind,
        _ count: Int,
        from reader: inout BodyReader,
        into target: inout ValueBuffer
    ) throws(SealedStreamError) {
        switch kind {
        case .bytes: try unsafe readBytes(count, from: &reader, into: &target)
        case .planes: try unsafe readPlanes(count, from: &reader, into: &target)
        case .integers:
            let width = try unsafe width(count, of: [1, 2, 4, 8], from: &reader, target)
            try unsafe readNumbers(count, from: &reader)
            try unsafe storeIntegers(count, width, reader, into: &target)
        case .numerics: try unsafe readNumerics(count, from: &reader, into: &target)
        case .decimals: try unsafe readDecimals(count, from: &reader, into: &target)
        case .dictionary, .differences, .templates: throw unsafe reader.corrupt("has a dictionary in a dictionary")
        }
    }

    /// Appends ``numbers`` as big-endian integers.
    mutating func storeIntegers(
        _ count: Int,
        _ width: Int,
        _ reader: BodyReader,
        into target: inout ValueBuffer
    ) throws(SealedStreamError) {
        guard count * width <= target.room else { throw unsafe Self.tooLong(reader) }
        let end = unsafe target.end
        if width == 8 {
            for index in 0..<count {
                unsafe (end + 8 * index).storeBytes(of: numbers.start[index].bigEndian, as: Int64.self)
            }
        } else {
            let shift = Int64(64 - 8 * width)
            for index in 0..<count {
                let number = unsafe numbers.start[index]
                guard (number &<< shift) &>> shift == number else {
                    throw unsafe reader.corrupt("has an integer that is too large for its column")
                }
                for byte in 0..<width {
                    let bits = UInt8(truncatingIfNeeded: number &>> Int64(8 * (width - 1 - byte)))
                    unsafe (end + (index * width + byte)).storeBytes(of: bits, as: UInt8.self)
                }
            }
        }
        target.add(count * width)
        target.width = width
    }

    private mutating func readBytes(
        _ count: Int,
        from reader: inout BodyReader,
        into target: inout ValueBuffer
    ) throws(SealedStreamError) {
        try unsafe readNumbers(count, from: &reader)
        let first = unsafe numbers.start[0]
        var isUniform = true
        var total: Int64 = 0
        let room = Int64(target.room)
        target.lengths.makeRoom(for: count)
        for index in 0..<count {
            let length = unsafe numbers.start[index]
            guard length >= 0, length <= room else { throw unsafe Self.tooLong(reader) }
            total += length
            isUniform = isUniform && length == first
            unsafe target.lengths.start[index] = Int32(length)
        }
        guard total <= room else { throw unsafe Self.tooLong(reader) }
        try unsafe streams.read(from: &reader, filling: .init(start: target.end, count: Int(total)))
        target.add(Int(total))
        target.width = isUniform ? Int(first) : nil
    }

    private mutating func readPlanes(
        _ count: Int,
        from reader: inout BodyReader,
        into target: inout ValueBuffer
    ) throws(SealedStreamError) {
        let width = try unsafe reader.varint(upTo: target.room / count)
        plane.makeRoom(for: count)
        let end = unsafe target.end
        for byte in 0..<width {
            try unsafe streams.read(from: &reader, filling: .init(start: plane.start, count: count))
            for index in 0..<count {
                unsafe (end + (index * width + byte)).storeBytes(of: plane.start[index], as: UInt8.self)
            }
        }
        target.add(count * width)
        target.width = width
    }

    private mutating func readNumerics(
        _ count: Int,
        from reader: inout BodyReader,
        into target: inout ValueBuffer
    ) throws(SealedStreamError) {
        try unsafe numberDecoder.read(count, from: &reader, through: &streams, into: &others)
        try unsafe readNumbers(count, from: &reader)
        target.lengths.makeRoom(for: count)
        for index in 0..<count {
            let mantissa = unsafe numbers.start[index]
            let scale = unsafe others.start[index]
            guard mantissa > -NumericValue.limit, mantissa < NumericValue.limit, scale >= 0,
                scale <= NumericValue.largestScale
            else { throw unsafe reader.corrupt("has a numeric that cannot be") }
            // The buffer has that much behind its limit.
            let length = unsafe NumericValue.write(mantissa, scale: Int(scale), to: target.end)
            guard length <= target.room else { throw unsafe Self.tooLong(reader) }
            unsafe target.lengths.start[index] = Int32(length)
            target.add(length)
        }
        target.width = nil
    }

    private mutating func readDecimals(
        _ count: Int,
        from reader: inout BodyReader,
        into target: inout ValueBuffer
    ) throws(SealedStreamError) {
        let width = try unsafe width(count, of: [4, 8], from: &reader, target)
        let decimals = Int(try unsafe reader.byte())
        guard decimals <= DecimalNumber.mostDecimals else {
            throw unsafe reader.corrupt("has numbers with more decimals than there are")
        }
        try unsafe readNumbers(count, from: &reader)
        for index in 0..<count {
            let value = unsafe DecimalNumber.value(numbers.start[index], decimals: decimals)
            let bits = width == 8 ? value.bitPattern : UInt64(Float(value).bitPattern)
            unsafe numbers.start[index] = width == 8 ? Int64(bitPattern: bits) : Int64(Int32(bitPattern: UInt32(bits)))
        }
        try unsafe storeIntegers(count, width, reader, into: &target)
    }

    private func width(
        _ count: Int,
        of known: [Int],
        from reader: inout BodyReader,
        _ target: borrowing ValueBuffer
    ) throws(SealedStreamError) -> Int {
        let width = Int(try unsafe reader.byte())
        guard known.contains(width) else { throw unsafe reader.corrupt("has numbers of an unknown width") }
        guard count * width <= target.room else { throw unsafe Self.tooLong(reader) }
        return width
    }

    static func tooLong(_ reader: BodyReader) -> SealedStreamError {
        unsafe reader.corrupt("has values that are longer than their rows")
    }
}
