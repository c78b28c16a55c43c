import SealedStreams

/// Memory for one step of coding, kept for the next time; what stands in it before it is written means nothing.
///
/// The hot loops reach it by its pointer, without a check for each element: a check costs more than the work. Each of them
/// asks for room first, and runs to the count that it asked for.
@safe struct ScratchArray<Element: BitwiseCopyable>: ~Copyable, @unchecked Sendable {
    // `@unchecked`: the memory has one owner, and moving it to another thread moves the only pointer.
    private(set) var start: UnsafeMutablePointer<Element>
    private(set) var capacity: Int

    init(capacity: Int = 16) {
        self.capacity = max(capacity, 16)
        let bytes = max(capacity, 16) * MemoryLayout<Element>.stride
        unsafe start = RawMemory.allocate(bytes).bindMemory(to: Element.self, capacity: max(capacity, 16))
    }

    deinit {
        unsafe RawMemory.release(start)
    }

    /// Makes sure that so many elements fit; what is in it is lost when they did not.
    mutating func makeRoom(for count: Int) {
        grow(to: count, keeping: 0)
    }

    /// Makes sure that so many elements fit.
    mutating func grow(to count: Int, keeping kept: Int) {
        guard count > capacity else { return }
        let stride = MemoryLayout<Element>.stride
        let larger = RawMemory.capacity(after: capacity * stride, for: count * stride) / stride
        // What is not kept need not be copied.
        if kept == 0 { unsafe RawMemory.release(start) }
        let bytes =
            unsafe kept == 0 ? RawMemory.allocate(larger * stride) : RawMemory.resize(start, to: larger * stride)
        unsafe start = bytes.bindMemory(to: Element.self, capacity: larger)
        capacity = larger
    }

    subscript(index: Int) -> Element {
        get {
            precondition(index >= 0 && index < capacity, "Scratch memory was read outside of its bounds")
            return unsafe start[index]
        }
        set {
            precondition(index >= 0 && index < capacity, "Scratch memory was written outside of its bounds")
            unsafe start[index] = newValue
        }
    }
}
