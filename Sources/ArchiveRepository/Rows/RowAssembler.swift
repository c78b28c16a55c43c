/// Writes rows out of columns. It borrows the columns' memory for the time of one group.
///
/// The lengths were checked when the columns were decoded: together they are exactly the bytes of the values.
@unsafe struct RowAssembler {
    @unsafe private struct Cursor {
        var next: UnsafeRawPointer
        let width: Int
        let lengths: UnsafePointer<Int32>?
    }

    private let cursors: UnsafeMutablePointer<Cursor>
    private let count: Int

    init(columns: [DecodedColumn], values: UnsafePointer<UInt8>, lengths: UnsafePointer<Int32>) {
        unsafe count = columns.count
        unsafe cursors = UnsafeMutablePointer<Cursor>.allocate(capacity: max(columns.count, 1))
        for (index, column) in columns.enumerated() {
            let cursor = unsafe Cursor(
                next: UnsafeRawPointer(values + column.start), width: column.width ?? 0,
                lengths: column.width == nil ? lengths + column.lengths : nil)
            unsafe (cursors + index).initialize(to: cursor)
        }
    }

    func deallocate() {
        unsafe cursors.deallocate()
    }

    /// How long rows are.
    func length(of rows: Int, from first: Int) -> Int {
        var total = unsafe rows * (2 + 4 * count)
        for index in unsafe 0..<count {
            guard let lengths = unsafe cursors[index].lengths else {
                unsafe total += rows * cursors[index].width
                continue
            }
            for row in first..<first + rows { unsafe total += max(0, Int(lengths[row])) }
        }
        return total
    }

    /// Writes rows to exactly as much room as they need.
    mutating func write(_ rows: Int, from first: Int, to room: UnsafeMutableRawBufferPointer) -> Int {
        guard let start = room.baseAddress else { return 0 }
        var target = unsafe start
        let fields = unsafe UInt16(count).bigEndian
        for row in first..<first + rows {
            unsafe target.storeBytes(of: fields, as: UInt16.self)
            unsafe target += 2
            for index in unsafe 0..<count {
                let length = unsafe Self.length(cursors + index, row)
                unsafe target.storeBytes(of: UInt32(truncatingIfNeeded: length).bigEndian, as: UInt32.self)
                unsafe target += 4
                guard length > 0 else { continue }
                unsafe Self.copy(cursors[index].next, to: target, length)
                unsafe cursors[index].next += length
                unsafe target += length
            }
        }
        return unsafe target - start
    }

    /// Passes over rows.
    mutating func skip(_ rows: Int, from first: Int) {
        for index in unsafe 0..<count {
            guard let lengths = unsafe cursors[index].lengths else {
                unsafe cursors[index].next += rows * cursors[index].width
                continue
            }
            for row in first..<first + rows { unsafe cursors[index].next += max(0, Int(lengths[row])) }
        }
    }

    @inline(__always)
    private static func length(_ cursor: UnsafePointer<Cursor>, _ row: Int) -> Int {
        guard let lengths = unsafe cursor.pointee.lengths else { return unsafe cursor.pointee.width }
        return unsafe Int(lengths[row])
    }

    @inline(__always)
    private static func copy(_ source: UnsafeRawPointer, to target: UnsafeMutableRawPointer, _ length: Int) {
        // Most values have one of these lengths, and a call of memcpy costs more than they do.
        switch length {
        case 8: unsafe target.storeBytes(of: source.loadUnaligned(as: UInt64.self), as: UInt64.self)
        case 4: unsafe target.storeBytes(of: source.loadUnaligned(as: UInt32.self), as: UInt32.self)
        case 16:
            unsafe target.storeBytes(of: source.loadUnaligned(as: UInt64.self), as: UInt64.self)
            unsafe (target + 8).storeBytes(of: (source + 8).loadUnaligned(as: UInt64.self), as: UInt64.self)
        case 1: unsafe target.storeBytes(of: source.load(as: UInt8.self), as: UInt8.self)
        default: unsafe target.copyMemory(from: source, byteCount: length)
        }
    }
}
