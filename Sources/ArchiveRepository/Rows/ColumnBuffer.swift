/// The values of one column of the group that is being filled: lengths as COPY gives them, and the bytes behind one another.
///
/// Only ``GroupBuffer`` owns such memory; this is how it looks at one column of it. Rows come by the million, so values are
/// copied through pointers: every length was checked against its row before.
@unsafe struct ColumnBuffer {
    /// The bytes of all values.
    var values: UnsafeMutableRawPointer
    /// How many bytes they are.
    var count = 0
    /// How many bytes fit.
    var capacity: Int
    /// The length of each row's value; -1 for NULL.
    var lengths: UnsafeMutablePointer<Int32>

    init(rowCapacity: Int) {
        unsafe capacity = 64
        unsafe values = UnsafeMutableRawPointer.allocate(byteCount: 64, alignment: 16)
        unsafe lengths = UnsafeMutablePointer<Int32>.allocate(capacity: rowCapacity)
    }

    func deallocate() {
        unsafe values.deallocate()
        unsafe lengths.deallocate()
    }

    @inline(__always)
    mutating func append(_ source: UnsafeRawPointer, _ length: Int) {
        if unsafe count + length > capacity { unsafe grow(to: count + length) }
        let target = unsafe values + count
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
        unsafe count += length
    }

    private mutating func grow(to needed: Int) {
        let larger = unsafe max(needed, capacity * 2)
        let moved = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
        unsafe moved.copyMemory(from: values, byteCount: count)
        unsafe values.deallocate()
        unsafe values = moved
        unsafe capacity = larger
    }

    mutating func growRows(to larger: Int, keeping rows: Int) {
        let moved = UnsafeMutablePointer<Int32>.allocate(capacity: larger)
        unsafe moved.update(from: lengths, count: rows)
        unsafe lengths.deallocate()
        unsafe lengths = moved
    }
}
