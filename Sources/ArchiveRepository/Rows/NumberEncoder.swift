import SealedStreams

/// How a list of numbers will be written.
struct NumberPlan: Sendable {
    /// The smallest number.
    let base: Int64
    /// What all differences to the base are multiples of.
    let divisor: UInt64
    /// Whether each number is written as its difference to the one before.
    let isDelta: Bool
    /// An estimate of the size, in units of ``LogTable/bit``.
    let cost: UInt64
}

/// Writes lists of 64-bit numbers: a base, a divisor, perhaps differences, and the bytes that then still differ.
struct NumberEncoder: ~Copyable, Sendable {
    /// Lists shorter than this are not looked at closely.
    private static let shortest = 32
    private static let runs = 8

    let logarithms = LogTable()
    private var steps = ScratchArray<UInt64>()
    private var plane = ScratchArray<UInt8>()
    private var counts = ScratchArray<UInt16>(capacity: 16 * 256)

    /// Looks at the numbers and decides how to write them.
    mutating func plan(_ numbers: borrowing ScratchArray<Int64>, count: Int) -> NumberPlan {
        precondition(count > 0 && count <= numbers.capacity, "A list of numbers has to have some")
        var smallest = Int64.max
        var largest = Int64.min
        for index in 0..<count {
            let number = unsafe numbers.start[index]
            smallest = min(smallest, number)
            largest = max(largest, number)
        }
        if smallest == largest { return NumberPlan(base: smallest, divisor: 1, isDelta: false, cost: 0) }
        let divisor = divisor(of: numbers, count: count, base: smallest)
        reduce(numbers, count: count, base: smallest, divisor: divisor)
        guard count >= Self.shortest else {
            let bits = UInt64(64 - UInt64(bitPattern: largest &- smallest).leadingZeroBitCount)
            return NumberPlan(
                base: smallest, divisor: divisor, isDelta: false, cost: bits * UInt64(count) * LogTable.bit)
        }
        let (plain, delta) = estimate(count: count)
        return NumberPlan(base: smallest, divisor: divisor, isDelta: delta < plain, cost: min(plain, delta))
    }

    /// Writes the numbers of a plan.
    mutating func write(
        _ plan: NumberPlan,
        _ numbers: borrowing ScratchArray<Int64>,
        count: Int,
        through streams: inout StreamEncoder,
        to output: inout ReusableBuffer
    ) throws(SealedStreamError) {
        reduce(numbers, count: count, base: plan.base, divisor: plan.divisor)
        if plan.isDelta { toDifferences(count: count) }
        var union: UInt64 = 0
        for index in 0..<count { unsafe union |= steps.start[index] }
        let code = NumberForm.code(for: union)
        let flags = (plan.isDelta ? NumberForm.deltaFlag : 0) | (plan.divisor > 1 ? NumberForm.divisorFlag : 0)
        output.append(byte: UInt8(code) | flags)
        output.append(varint: NumberForm.zigzag(UInt64(bitPattern: plan.base)))
        if plan.divisor > 1 { output.append(varint: plan.divisor) }
        let width = NumberForm.widths[code]
        plane.makeRoom(for: count)
        if width == 0 { return }
        if width < 8 {
            let bytes = pack(count: count, width: width)
            return try unsafe streams.write(.init(start: plane.start, count: bytes), .plane, to: &output)
        }
        for byte in 0..<width / 8 {
            let shift = UInt64(8 * byte)
            for index in 0..<count {
                unsafe plane.start[index] = UInt8(truncatingIfNeeded: steps.start[index] &>> shift)
            }
            try unsafe streams.write(.init(start: plane.start, count: count), .plane, to: &output)
        }
    }

    /// Several numbers in a byte, the first in the lowest bits.
    private mutating func pack(count: Int, width: Int) -> Int {
        let perByte = 8 / width
        let bytes = (count + perByte - 1) / perByte
        for byte in 0..<bytes {
            var packed: UInt64 = 0
            for part in 0..<min(perByte, count - byte * perByte) {
                unsafe packed |= steps.start[byte * perByte + part] &<< UInt64(part * width)
            }
            unsafe plane.start[byte] = UInt8(truncatingIfNeeded: packed)
        }
        return bytes
    }

    /// The greatest common divisor of all differences to the base. Almost always it is 1 after a few numbers.
    private func divisor(of numbers: borrowing ScratchArray<Int64>, count: Int, base: Int64) -> UInt64 {
        var divisor: UInt64 = 0
        for index in 0..<count {
            var rest = unsafe UInt64(bitPattern: numbers.start[index] &- base)
            if rest == 0 || (divisor > 0 && rest % divisor == 0) { continue }
            while rest != 0 { (divisor, rest) = (rest, divisor == 0 ? 0 : divisor % rest) }
            if divisor == 1 { break }
        }
        return max(divisor, 1)
    }

    private mutating func reduce(
        _ numbers: borrowing ScratchArray<Int64>,
        count: Int,
        base: Int64,
        divisor: UInt64
    ) {
        steps.makeRoom(for: count)
        for index in 0..<count { unsafe steps.start[index] = UInt64(bitPattern: numbers.start[index] &- base) }
        if divisor > 1 { for index in 0..<count { unsafe steps.start[index] /= divisor } }
    }

    private mutating func toDifferences(count: Int) {
        var last: UInt64 = 0
        for index in 0..<count {
            let step = unsafe steps.start[index]
            unsafe steps.start[index] = NumberForm.zigzag(step &- last)
            last = step
        }
    }

    /// The cost of both ways, from up to ``LogTable/largest`` of the numbers, in runs from all over the list.
    private mutating func estimate(count: Int) -> (plain: UInt64, delta: UInt64) {
        unsafe counts.start.update(repeating: 0, count: 16 * 256)
        let isWhole = count <= LogTable.largest
        let runs = isWhole ? 1 : Self.runs
        let length = isWhole ? count : LogTable.largest / Self.runs
        for run in 0..<runs {
            let start = isWhole ? 0 : (count - length) * run / (runs - 1)
            var last = unsafe start == 0 ? 0 : steps.start[start - 1]
            for index in start..<start + length {
                let step = unsafe steps.start[index]
                let difference = NumberForm.zigzag(step &- last)
                last = step
                for byte in 0..<8 {
                    let shift = UInt64(8 * byte)
                    unsafe counts.start[byte * 256 + Int(step &>> shift & 0xff)] &+= 1
                    unsafe counts.start[(byte + 8) * 256 + Int(difference &>> shift & 0xff)] &+= 1
                }
            }
        }
        let total = runs * length
        var sums: [2 of UInt64] = [0, 0]
        for half in 0..<2 {
            for byte in 0..<8 {
                unsafe sums[half] += logarithms.units(counts.start + (half * 8 + byte) * 256, total: total)
            }
        }
        return (sums[0] * UInt64(count) / UInt64(total), sums[1] * UInt64(count) / UInt64(total))
    }
}
