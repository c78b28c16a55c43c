/// Memory that is filled, lent and emptied again and again, so that streams allocate nothing for a write.
///
/// The hot path of a backup moves every byte through buffers of this type. They hold raw memory instead of an array,
/// because C libraries fill them in place and an array would be zeroed first.
@safe public struct ReusableBuffer: ~Copyable, @unchecked Sendable {
    // `@unchecked`: the memory has one owner, and moving it to another thread moves the only pointer.
    private var start: UnsafeMutableRawPointer
    /// How many bytes fit before memory is allocated again.
    public private(set) var capacity: Int
    /// How many bytes are filled.
    public private(set) var count = 0

    /// An empty buffer.
    ///
    /// - Parameter capacity: How many bytes will usually be in it.
    public init(capacity: Int) {
        self.capacity = max(capacity, 16)
        unsafe start = RawMemory.allocate(max(capacity, 16))
    }

    deinit {
        unsafe RawMemory.release(start)
    }

    /// Whether nothing is in it.
    public var isEmpty: Bool { count == 0 }

    /// The content as an array; meant for small things.
    public var array: [UInt8] {
        unsafe Array(UnsafeRawBufferPointer(start: start, count: count))
    }

    /// Adds bytes at the end.
    ///
    /// - Parameter bytes: What comes next.
    public mutating func append(_ bytes: RawSpan) {
        unsafe appendUnsafely(upTo: bytes.byteCount) { room in
            unsafe bytes.withUnsafeBytes { unsafe room.copyMemory(from: $0) }
            return bytes.byteCount
        }
    }

    /// Adds bytes at the end.
    ///
    /// - Parameter bytes: What comes next.
    public mutating func append(_ bytes: [UInt8]) {
        unsafe append(bytes.span.bytes)
    }

    /// Lets a C function or a system call fill memory behind the content.
    ///
    /// - Parameters:
    ///   - maximum: How much room `fill` gets.
    ///   - fill: Writes into uninitialized memory and returns how many bytes it wrote.
    /// - Returns: How many bytes were added.
    /// - Throws: What `fill` throws; then nothing is added.
    @discardableResult
    public mutating func appendUnsafely<Failure: Error>(
        upTo maximum: Int,
        _ fill: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
    ) throws(Failure) -> Int {
        reserve(count + maximum)
        let room = unsafe UnsafeMutableRawBufferPointer(start: start + count, count: maximum)
        let added = try unsafe fill(room)
        precondition(added >= 0 && added <= maximum, "A buffer was filled past its room")
        count += added
        return added
    }

    /// Writes 4 bytes, the lowest first, over some that are there already.
    ///
    /// - Parameters:
    ///   - value: The number, at least 0 and less than 2³².
    ///   - position: Where its first byte goes; four bytes from there are filled already.
    public mutating func replace(uint32 value: Int, at position: Int) {
        precondition(position >= 0 && position <= count - 4, "A buffer is not filled where it was changed")
        precondition(value >= 0 && value <= Int(UInt32.max), "A number does not fit into 4 bytes")
        unsafe (start + position).storeBytes(of: UInt32(value).littleEndian, as: UInt32.self)
    }

    /// Makes room once, where much is about to come.
    ///
    /// - Parameter needed: How many bytes there will be in all.
    public mutating func reserveCapacity(_ needed: Int) {
        reserve(needed)
    }

    /// Forgets the content and keeps the memory.
    public mutating func removeAll() {
        count = 0
    }

    /// Forgets the last bytes.
    ///
    /// - Parameter length: How many, at most ``count``.
    public mutating func removeLast(_ length: Int) {
        precondition(length >= 0 && length <= count, "A buffer has fewer bytes than were removed")
        count -= length
    }

    /// Forgets the first bytes and moves the others to the front.
    ///
    /// - Parameter length: How many, at most ``count``.
    /// - Complexity: O(*n*) in the bytes that stay.
    public mutating func removeFirst(_ length: Int) {
        precondition(length >= 0 && length <= count, "A buffer has fewer bytes than were removed")
        unsafe start.copyMemory(from: start + length, byteCount: count - length)
        count -= length
    }

    /// Lends the content for the time of a call.
    ///
    /// - Parameter body: Gets all bytes in the buffer.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws.
    public func withBytes<Result: ~Copyable, Failure: Error>(
        _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let buffer = unsafe UnsafeRawBufferPointer(start: start, count: count)
        return try unsafe body(buffer.bytes)
    }

    private mutating func reserve(_ needed: Int) {
        guard needed > capacity else { return }
        capacity = RawMemory.capacity(after: capacity, for: needed, step: 4 << 20)
        unsafe start = RawMemory.resize(start, to: capacity)
    }
}
