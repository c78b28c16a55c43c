import SealedStreams

/// Writes groups of rows, column by column or as they came.
struct GroupEncoder: ~Copyable, Sendable {
    private var values: ValueEncoder
    private var lengths = ScratchArray<Int32>()
    private var offsets = ScratchArray<UInt32>()

    init(level: Int) throws(SealedStreamError) {
        values = try ValueEncoder(level: level)
    }

    // MARK: Columnar groups

    /// Writes a group column by column.
    mutating func write(_ group: borrowing GroupBuffer, to output: inout ReusableBuffer) throws(SealedStreamError) {
        output.append(uint32: group.rows)
        output.append(byte: GroupCoding.columnar.rawValue)
        output.append(uint32: group.rawBytes)
        let lengthPlace = output.count
        output.append(uint32: 0)
        var wide: [Int] = []
        for index in 0..<group.columnCount {
            try writeColumn(index, of: group, wide: &wide, to: &output)
        }
        output.replace(uint32: output.count - lengthPlace - 4, at: lengthPlace)
    }

    /// Writes a column; `wide` are the earlier columns of 8-byte integers without NULLs.
    private mutating func writeColumn(
        _ index: Int,
        of group: borrowing GroupBuffer,
        wide: inout [Int],
        to output: inout ReusableBuffer
    ) throws(SealedStreamError) {
        let column = unsafe group.column(index)
        let rows = group.rows
        var nulls = 0
        var shortest = Int32.max
        var longest: Int32 = -1
        for row in 0..<rows {
            let length = unsafe column.lengths[row]
            nulls += length < 0 ? 1 : 0
            shortest = min(shortest, length < 0 ? .max : length)
            longest = max(longest, length)
        }
        guard nulls < rows else { return output.append(byte: Presence.none.rawValue) }
        output.append(byte: (nulls == 0 ? Presence.all : .some).rawValue)
        if nulls > 0 {
            try values.writeNumbers(count: rows, to: &output) { row in unsafe column.lengths[row] < 0 ? 1 : 0 }
        }
        let width = shortest == longest ? Int(shortest) : nil
        if width == nil { unsafe layOut(column, rows: rows, count: rows - nulls) }
        let list = unsafe ValueList(
            count: rows - nulls,
            bytes: UnsafeRawBufferPointer(start: column.values, count: column.count),
            width: width,
            lengths: lengths.start,
            offsets: offsets.start
        )
        let references =
            width == 8
            ? unsafe References(
                wide.suffix(References.most).map { unsafe ($0, UnsafeRawPointer(group.column($0).values)) },
                lengths: column.lengths, rows: rows)
            : References()
        try unsafe values.write(list, near: references, to: &output)
        if width == 8, nulls == 0 { wide.append(index) }
    }

    /// Length and place of each value that is not NULL.
    private mutating func layOut(_ column: ColumnBuffer, rows: Int, count: Int) {
        lengths.makeRoom(for: count)
        offsets.makeRoom(for: count)
        var place = 0
        var offset: UInt32 = 0
        for row in 0..<rows {
            let length = unsafe column.lengths[row]
            guard length >= 0 else { continue }
            unsafe lengths.start[place] = length
            unsafe offsets.start[place] = offset
            offset += UInt32(length)
            place += 1
        }
    }

    // MARK: Verbatim groups

    /// Writes rows as they came.
    mutating func write(_ rows: borrowing RowBuffer, to output: inout ReusableBuffer) throws(SealedStreamError) {
        try beginVerbatim(rows: rows.count, to: &output) { rows.length($0) }
        try rows.withBytes { (bytes) throws(SealedStreamError) in try writeParts(bytes, to: &output) }
    }

    /// Writes one row as it came, without a copy of it.
    mutating func write(row: RawSpan, to output: inout ReusableBuffer) throws(SealedStreamError) {
        try beginVerbatim(rows: 1, to: &output) { _ in Int64(row.byteCount) }
        // Address space for the worst case; memory is used for what is written. Growing step by step would copy instead.
        output.reserveCapacity(output.count + row.byteCount + row.byteCount / 64 + 1_024)
        try writeParts(row, to: &output)
    }

    private mutating func beginVerbatim(
        rows: Int,
        to output: inout ReusableBuffer,
        _ length: (Int) -> Int64
    ) throws(SealedStreamError) {
        output.append(uint32: rows)
        output.append(byte: GroupCoding.verbatim.rawValue)
        let lengthPlace = output.count
        output.append(uint32: 0)
        try values.writeNumbers(count: rows, to: &output, length)
        output.replace(uint32: output.count - lengthPlace - 4, at: lengthPlace)
    }

    private mutating func writeParts(_ bytes: RawSpan, to output: inout ReusableBuffer) throws(SealedStreamError) {
        var start = 0
        while start < bytes.byteCount {
            let end = min(start + PieceFormat.partBytes, bytes.byteCount)
            output.append(uint32: end - start)
            let lengthPlace = output.count
            output.append(uint32: 0)
            try unsafe bytes.extracting(start..<end).withUnsafeBytes { (part) throws(SealedStreamError) in
                try unsafe values.writeStream(part, to: &output)
            }
            output.replace(uint32: output.count - lengthPlace - 4, at: lengthPlace)
            start = end
        }
    }
}
