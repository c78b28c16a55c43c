import SealedStreams

/// Reads lists of numbers.
struct NumberDecoder: ~Copyable, Sendable {
    private var plane = ScratchArray<UInt8>()

    /// Fills the beginning of an array.
    ///
    /// - Parameters:
    ///   - count: How many numbers there are; the caller has bounded it.
    ///   - reader: Where to read.
    ///   - streams: What reads the streams.
    ///   - numbers: Gets the numbers.
    mutating func read(
        _ count: Int,
        from reader: inout BodyReader,
        through streams: inout StreamDecoder,
        into numbers: inout ScratchArray<Int64>
    ) throws(SealedStreamError) {
        let form = try unsafe reader.byte()
        let code = Int(form & NumberForm.codeMask)
        let known = NumberForm.codeMask | NumberForm.deltaFlag | NumberForm.divisorFlag
        guard code < NumberForm.widths.count, form & ~known == 0 else {
            throw unsafe reader.corrupt("has a list of numbers of an unknown form")
        }
        let base = NumberForm.unzigzag(try unsafe reader.varint())
        let divisor = form & NumberForm.divisorFlag == 0 ? 1 : try unsafe reader.varint()
        numbers.makeRoom(for: count)
        plane.makeRoom(for: count)
        let width = NumberForm.widths[code]
        if width == 0 || width >= 8 {
            try unsafe readPlanes(width / 8, count, from: &reader, through: &streams, into: &numbers)
        } else {
            try unsafe readPacked(width, count, from: &reader, through: &streams, into: &numbers)
        }
        if form & NumberForm.deltaFlag != 0 { Self.sumUp(&numbers, count) }
        if divisor == 1 {
            for index in 0..<count { unsafe numbers.start[index] &+= Int64(bitPattern: base) }
        } else {
            for index in 0..<count {
                let step = unsafe UInt64(bitPattern: numbers.start[index])
                unsafe numbers.start[index] = Int64(bitPattern: base &+ step &* divisor)
            }
        }
    }

    private mutating func readPlanes(
        _ planes: Int,
        _ count: Int,
        from reader: inout BodyReader,
        through streams: inout StreamDecoder,
        into numbers: inout ScratchArray<Int64>
    ) throws(SealedStreamError) {
        unsafe numbers.start.update(repeating: 0, count: count)
        for byte in 0..<planes {
            try unsafe streams.read(from: &reader, filling: .init(start: plane.start, count: count))
            let shift = Int64(8 * byte)
            for index in 0..<count { unsafe numbers.start[index] |= Int64(plane.start[index]) &<< shift }
        }
    }

    private mutating func readPacked(
        _ width: Int,
        _ count: Int,
        from reader: inout BodyReader,
        through streams: inout StreamDecoder,
        into numbers: inout ScratchArray<Int64>
    ) throws(SealedStreamError) {
        let perByte = 8 / width
        let bytes = (count + perByte - 1) / perByte
        try unsafe streams.read(from: &reader, filling: .init(start: plane.start, count: bytes))
        let mask = Int64(1) << Int64(width) - 1
        for index in 0..<count {
            let shift = Int64(index % perByte * width)
            unsafe numbers.start[index] = Int64(plane.start[index / perByte]) &>> shift & mask
        }
    }

    private static func sumUp(_ numbers: inout ScratchArray<Int64>, _ count: Int) {
        var last: UInt64 = 0
        for index in 0..<count {
            last &+= NumberForm.unzigzag(unsafe UInt64(bitPattern: numbers.start[index]))
            unsafe numbers.start[index] = Int64(bitPattern: last)
        }
    }
}
