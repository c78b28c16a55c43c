import SealedStreams

/// Rows that are kept as they came.
struct RowBuffer: ~Copyable, Sendable {
    private var bytes = ReusableBuffer(capacity: 16)
    private var lengths = ScratchArray<Int32>()
    /// How many rows are in it.
    private(set) var count = 0
    /// How long they are together.
    var byteCount: Int { bytes.count }

    mutating func add(_ row: RawSpan) {
        lengths.grow(to: count + 1, keeping: count)
        lengths[count] = Int32(row.byteCount)
        count += 1
        bytes.append(row)
    }

    mutating func removeAll() {
        bytes.removeAll()
        count = 0
    }

    /// The length of a row.
    func length(_ index: Int) -> Int64 { Int64(lengths[index]) }

    /// Lends the bytes of all rows.
    func withBytes<Failure: Error>(_ body: (RawSpan) throws(Failure) -> Void) throws(Failure) {
        try bytes.withBytes(body)
    }
}
