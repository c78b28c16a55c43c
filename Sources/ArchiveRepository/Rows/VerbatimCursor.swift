import SealedStreams

/// Goes through rows that were kept as they came, part by part.
struct VerbatimCursor: ~Copyable, Sendable {
    /// The length of each row of the group.
    var lengths = ScratchArray<Int32>()
    private var rows = 0
    private var row = 0
    private var leftOfRow = 0
    private var isLive = true
    /// How many bytes of the group are still to come.
    private(set) var bytesLeft = 0

    /// Begins a group whose ``lengths`` are there.
    mutating func begin(rows: Int) {
        self.rows = rows
        row = 0
        leftOfRow = 0
        bytesLeft = 0
        for index in 0..<rows { bytesLeft += Int(lengths[index]) }
    }

    /// Appends the wanted bytes of a part.
    mutating func pass(
        _ part: UnsafeRawBufferPointer,
        _ live: inout LiveCursor,
        _ digests: inout DecodedDigests,
        into output: inout ReusableBuffer
    ) throws(SealedStreamError) {
        var start = 0
        while start < part.count {
            if leftOfRow == 0 {
                try beginRow(&live, &digests)
                continue
            }
            let end = min(start + leftOfRow, part.count)
            if isLive {
                let bytes = unsafe UnsafeRawBufferPointer(rebasing: part[start..<end])
                unsafe output.append(bytes.bytes)
                try unsafe digests.add(bytes, endsRow: end - start == leftOfRow)
            }
            leftOfRow -= end - start
            start = end
        }
        bytesLeft -= part.count
    }

    /// Passes over rows without bytes at the end.
    mutating func finish(_ live: inout LiveCursor, _ digests: inout DecodedDigests) throws(SealedStreamError) {
        while row < rows { try beginRow(&live, &digests) }
    }

    private mutating func beginRow(
        _ live: inout LiveCursor,
        _ digests: inout DecodedDigests
    ) throws(SealedStreamError) {
        isLive = try live.next(upTo: 1).isLive
        leftOfRow = Int(lengths[row])
        row += 1
        if isLive { try digests.begin(rowLength: leftOfRow) }
    }
}
