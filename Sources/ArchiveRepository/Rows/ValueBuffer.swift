/// Values that were decoded, one behind the other, up to a number of bytes that was promised.
struct ValueBuffer: ~Copyable, Sendable {
    /// The bytes.
    var bytes = ScratchArray<UInt8>()
    /// How many bytes there are.
    private(set) var count = 0
    /// How many there may be.
    private(set) var limit = 0
    /// The length of all values of the last list, if they have one.
    var width: Int?
    /// The length of each value of the last list, when they have not one length.
    var lengths = ScratchArray<Int32>()

    /// Begins anew.
    mutating func begin(limit: Int) {
        self.limit = limit
        count = 0
        width = nil
        bytes.makeRoom(for: limit + NumericValue.mostBytes)
    }

    /// How many bytes may still come.
    var room: Int { limit - count }

    /// Where the next bytes go: ``room`` of them, and one numeric may be written before its length is known.
    var end: UnsafeMutableRawPointer { unsafe UnsafeMutableRawPointer(bytes.start + count) }

    /// Counts bytes that were written at ``end``.
    mutating func add(_ length: Int) {
        precondition(length >= 0 && length <= room, "More values were decoded than there is room for")
        count += length
    }
}
