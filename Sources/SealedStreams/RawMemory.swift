import CMalloc

/// Raw memory of the buffers that are filled and emptied again and again.
///
/// It grows by `realloc`, which moves the pages of a large piece instead of its bytes.
public enum RawMemory: Sendable {
    /// What is at least so large is mapped on its own, in bytes.
    private static let large = 1 << 18

    /// Gives every large piece of memory pages of its own, which the system has back once it is freed.
    ///
    /// Without it, glibc keeps what several threads have freed and cannot use it for one another, and a process of a few
    /// large buffers grows for as long as it runs. Call it before they are made. The corresponding function is `mallopt` (its
    /// manual page, section "M_MMAP_THRESHOLD").
    public static func mapLargePieces() {
        #if canImport(Glibc)
            _ = mallopt(M_MMAP_THRESHOLD, Int32(large))
        #endif
    }

    /// A piece of memory, not initialized; a process without memory ends here.
    ///
    /// - Parameter bytes: How large it is.
    /// - Returns: Its start, aligned for every type of up to 16 bytes.
    @unsafe public static func allocate(_ bytes: Int) -> UnsafeMutableRawPointer {
        guard let start = unsafe malloc(bytes) else { fatalError("There is no memory for \(bytes) bytes") }
        return unsafe start
    }

    /// The same piece with another size, perhaps at another place; what was in it is kept.
    ///
    /// - Parameters:
    ///   - start: What ``allocate(_:)`` or this function gave; it is not used afterwards.
    ///   - bytes: How large it gets.
    /// - Returns: Its start.
    @unsafe public static func resize(_ start: UnsafeMutableRawPointer, to bytes: Int) -> UnsafeMutableRawPointer {
        guard let moved = unsafe realloc(start, bytes) else { fatalError("There is no memory for \(bytes) bytes") }
        return unsafe moved
    }

    /// Gives a piece back.
    @unsafe public static func release(_ start: UnsafeMutableRawPointer) { unsafe free(start) }

    /// The capacity that a buffer gets when it is too small: twice as much, or `step` more when that is less.
    ///
    /// - Parameters:
    ///   - capacity: What it has, in bytes.
    ///   - needed: What has to fit, in bytes.
    ///   - step: The most that is added beyond what is needed, in bytes.
    /// - Returns: The new capacity.
    public static func capacity(after capacity: Int, for needed: Int, step: Int = 1 << 20) -> Int {
        max(needed, capacity + min(capacity, step))
    }
}
