import SealedStreams

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
        unsafe values = RawMemory.allocate(64)
        unsafe lengths = UnsafeMutablePointer<Int32>.allocate(capacity: rowCapacity)
    }

    func deallocate() {
        unsafe RawMemory.release(values)
        unsafe lengths.deallocate()
    }

    /// Adds a value.
    ///
    /// - Parameters:
    ///   - source: Its bytes.
    ///   - length: How many they are.
    ///   - readable: How many bytes may be read from there on.
    @inline(__always)
    mutating func append(_ source: UnsafeRawPointer, _ length: Int, readable: Int) {
        let room = unsafe count + max(length, shortValue)
        if unsafe room > capacity { unsafe grow(to: room) }
        let target = unsafe values + count
        // A call of memcpy costs more than a short value does. What is written too much is overwritten by the next one.
        if length <= shortValue, readable >= shortValue {
            unsafe target.storeBytes(of: source.loadUnaligned(as: UInt64.self), as: UInt64.self)
            unsafe (target + 8).storeBytes(of: (source + 8).loadUnaligned(as: UInt64.self), as: UInt64.self)
        } else {
            unsafe target.copyMemory(from: source, byteCount: length)
        }
        unsafe count += length
    }

    private mutating func grow(to needed: Int) {
        unsafe capacity = RawMemory.capacity(after: capacity, for: needed)
        unsafe values = RawMemory.resize(values, to: capacity)
    }

    mutating func growRows(to larger: Int, keeping rows: Int) {
        let moved = UnsafeMutablePointer<Int32>.allocate(capacity: larger)
        unsafe moved.update(from: lengths, count: rows)
        unsafe lengths.deallocate()
        unsafe lengths = moved
    }
}

/// Up to so many bytes a value is copied by two fixed steps.
private let shortValue = 16
