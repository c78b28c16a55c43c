import SealedStreams

/// How integers will be written.
struct IntegerChoice {
    /// Integers, decimals or differences.
    let kind: ValueKind
    /// How many decimals, or which of the references.
    let detail: Int
    /// How the numbers are written.
    let plan: NumberPlan
}

/// Earlier columns of 8-byte integers without NULLs, and at which rows the values of this column stand.
///
/// It borrows the memory of a ``GroupBuffer`` for one call.
@safe struct References {
    /// The most columns that are tried.
    static let most = 3

    private var list: [(column: Int, values: UnsafeRawPointer)] = unsafe []
    private var lengths: UnsafePointer<Int32>?
    private var rows = 0

    init() {
        unsafe lengths = nil
    }

    /// The references of a column.
    ///
    /// - Parameters:
    ///   - list: The columns and their values.
    ///   - lengths: The length of the value in each row; NULLs are negative.
    ///   - rows: How many rows there are.
    init(_ list: [(column: Int, values: UnsafeRawPointer)], lengths: UnsafePointer<Int32>, rows: Int) {
        unsafe self.list = unsafe list
        unsafe self.lengths = unsafe lengths
        self.rows = rows
    }

    /// How many there are.
    var count: Int { unsafe list.count }

    /// The place of a reference in its table.
    func column(_ index: Int) -> Int { unsafe list[index].column }

    /// Writes numbers less those of a reference.
    func subtract(_ index: Int, from numbers: UnsafePointer<Int64>, count: Int, to target: UnsafeMutablePointer<Int64>)
    {
        guard let lengths = unsafe lengths else { return }
        let values = unsafe list[index].values
        var place = 0
        for row in 0..<rows where unsafe lengths[row] >= 0 {
            let bits = unsafe UInt64(bigEndian: (values + 8 * row).loadUnaligned(as: UInt64.self))
            unsafe target[place] = numbers[place] &- Int64(bitPattern: bits)
            place += 1
        }
        precondition(place == count, "A column has as many values as rows that are not NULL")
    }
}

extension ValueEncoder {
    /// The widest values that are taken apart into planes.
    private static let widest = 64
    private static let sampleBytes = 1 << 14
    static let documentSample = 1 << 17
    private static let decimalSample = 64

    /// Fills ``numbers`` from values of 1, 2, 4 or 8 bytes; false for others.
    mutating func loadIntegers(_ list: ValueList, _ width: Int) -> Bool {
        guard let start = unsafe list.bytes.baseAddress else { return false }
        let count = unsafe list.count
        numbers.makeRoom(for: count)
        switch width {
        case 8:
            for index in 0..<count {
                let bits = unsafe UInt64(bigEndian: (start + 8 * index).loadUnaligned(as: UInt64.self))
                unsafe numbers.start[index] = Int64(bitPattern: bits)
            }
        case 4:
            for index in 0..<count {
                let bits = unsafe UInt32(bigEndian: (start + 4 * index).loadUnaligned(as: UInt32.self))
                unsafe numbers.start[index] = Int64(Int32(bitPattern: bits))
            }
        case 2:
            for index in 0..<count {
                let bits = unsafe UInt16(bigEndian: (start + 2 * index).loadUnaligned(as: UInt16.self))
                unsafe numbers.start[index] = Int64(Int16(bitPattern: bits))
            }
        case 1:
            for index in 0..<count {
                unsafe numbers.start[index] = Int64((start + index).load(as: Int8.self))
            }
        default: return false
        }
        return true
    }

    /// The best form of the integers in ``numbers``.
    mutating func chooseIntegers(_ count: Int, _ width: Int, near references: References) -> IntegerChoice {
        var best = IntegerChoice(
            kind: .integers, detail: 0, plan: numberEncoder.plan(numbers, count: count))
        guard count >= Self.shortest, best.plan.cost > 0 else { return best }
        if width >= 4, let decimals = findDecimals(count, width), loadDecimals(count, width, decimals) {
            let plan = numberEncoder.plan(others, count: count)
            if plan.cost < best.plan.cost { best = IntegerChoice(kind: .decimals, detail: decimals, plan: plan) }
        }
        guard width == 8 else { return best }
        for index in 0..<references.count {
            loadDifferences(count, references, index)
            let plan = numberEncoder.plan(others, count: count)
            if plan.cost < best.plan.cost { best = IntegerChoice(kind: .differences, detail: index, plan: plan) }
        }
        return best
    }

    /// Fills ``others`` with ``numbers`` less those of another column.
    mutating func loadDifferences(_ count: Int, _ references: References, _ index: Int) {
        others.makeRoom(for: count)
        unsafe references.subtract(index, from: numbers.start, count: count, to: others.start)
    }

    /// How many decimals some of ``numbers`` have, when they are floating point numbers with few.
    private func findDecimals(_ count: Int, _ width: Int) -> Int? {
        let size = min(count, Self.decimalSample)
        var decimals = 0
        for place in 0..<size {
            let bits = unsafe numbers.start[place * count / size]
            while DecimalNumber.number(bits, width: width, decimals: decimals) == nil {
                decimals += 1
                if decimals > DecimalNumber.mostDecimals { return nil }
            }
        }
        return decimals
    }

    /// Fills ``others`` from floating point numbers in ``numbers``; false when one has more decimals.
    mutating func loadDecimals(_ count: Int, _ width: Int, _ decimals: Int) -> Bool {
        others.makeRoom(for: count)
        for index in 0..<count {
            let bits = unsafe numbers.start[index]
            guard let number = DecimalNumber.number(bits, width: width, decimals: decimals) else { return false }
            unsafe others.start[index] = number
        }
        return true
    }

    /// Fills ``numbers`` with mantissas and ``others`` with scales; false when the values are not all numeric.
    mutating func loadNumerics(_ list: ValueList) -> Bool {
        let count = unsafe list.count
        numbers.makeRoom(for: count)
        others.makeRoom(for: count)
        for index in 0..<count {
            guard let start = unsafe list.start(index),
                let value = unsafe NumericValue.parse(start, list.length(index))
            else { return false }
            unsafe numbers.start[index] = value.mantissa
            unsafe others.start[index] = value.scale
        }
        return true
    }

    /// Whether values of one width are shorter byte by byte than one behind the other, as far as a sample tells.
    mutating func favoursPlanes(_ list: ValueList, _ width: Int) throws(SealedStreamError) -> Bool {
        let count = unsafe list.count
        guard width > 1, width <= Self.widest, count >= Self.shortest else { return false }
        let size = min(count, LogTable.largest)
        counts.makeRoom(for: 256 * width)
        unsafe counts.start.update(repeating: 0, count: 256 * width)
        for place in 0..<size {
            let offset = place * count / size * width
            for byte in 0..<width { unsafe counts.start[byte * 256 + Int(list.bytes[offset + byte])] += 1 }
        }
        var units: UInt64 = 0
        for byte in 0..<width {
            units += unsafe numberEncoder.logarithms.units(counts.start + byte * 256, total: size)
        }
        let planes = units * UInt64(count) / UInt64(size) / (8 * LogTable.bit)
        return try unsafe planes < UInt64(compressedLength(of: list.bytes))
    }

    /// How long bytes get, as far as a piece from their middle tells.
    mutating func compressedLength(
        of bytes: UnsafeRawBufferPointer,
        sample most: Int = Self.sampleBytes
    ) throws(SealedStreamError) -> Int {
        let length = min(bytes.count, most)
        guard length > 0 else { return 0 }
        let start = (bytes.count - length) / 2
        let sample = unsafe UnsafeRawBufferPointer(rebasing: bytes[start..<start + length])
        return try unsafe min(streams.compressedLength(of: sample), length) * bytes.count / length
    }
}
