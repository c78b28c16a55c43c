/// The rows of the group that is being filled, already taken apart by column.
@safe struct GroupBuffer: ~Copyable, @unchecked Sendable {
    // `@unchecked`: the memory has one owner, and moving it to another thread moves the only pointer.
    private let columns: UnsafeMutablePointer<ColumnBuffer>
    private var rowCapacity: Int
    /// How many columns the rows have.
    let columnCount: Int
    /// How many rows are in it.
    private(set) var rows = 0
    /// How long the rows were as COPY gave them.
    private(set) var rawBytes = 0

    init(columns count: Int) {
        columnCount = count
        rowCapacity = 64
        unsafe columns = UnsafeMutablePointer<ColumnBuffer>.allocate(capacity: max(count, 1))
        for index in 0..<count { unsafe (columns + index).initialize(to: ColumnBuffer(rowCapacity: 64)) }
    }

    deinit {
        for index in 0..<columnCount { unsafe columns[index].deallocate() }
        unsafe columns.deallocate()
    }

    /// How much memory it keeps, in bytes.
    var memory: Int {
        var sum = rowCapacity * MemoryLayout<Int32>.stride * columnCount
        for index in 0..<columnCount { sum += unsafe columns[index].capacity }
        return sum
    }

    /// One column.
    func column(_ index: Int) -> ColumnBuffer {
        precondition(index >= 0 && index < columnCount, "A group has fewer columns than were asked for")
        return unsafe columns[index]
    }

    /// Takes a row apart.
    ///
    /// - Returns: Whether it is a row of this many columns; if not, nothing was taken.
    mutating func add(_ row: RawSpan) -> Bool {
        if rows == rowCapacity { growRows() }
        guard unsafe row.withUnsafeBytes({ unsafe scatter($0) }) else { return false }
        rows += 1
        rawBytes += row.byteCount
        return true
    }

    /// Forgets the rows and keeps the memory.
    mutating func removeAll() {
        for index in 0..<columnCount { unsafe columns[index].count = 0 }
        rows = 0
        rawBytes = 0
    }

    private func scatter(_ row: UnsafeRawBufferPointer) -> Bool {
        guard let base = row.baseAddress, row.count >= 2 else { return false }
        guard unsafe Int(Int16(bigEndian: base.loadUnaligned(as: Int16.self))) == columnCount else { return false }
        var next = unsafe base + 2
        var left = row.count - 2
        let place = rows
        for index in 0..<columnCount {
            guard left >= 4 else { return takeBack(index) }
            let length = unsafe Int(Int32(bigEndian: next.loadUnaligned(as: Int32.self)))
            unsafe next += 4
            left -= 4
            guard length >= -1, length <= left else { return takeBack(index) }
            unsafe columns[index].lengths[place] = Int32(truncatingIfNeeded: length)
            guard length > 0 else { continue }
            unsafe columns[index].append(next, length, readable: left)
            unsafe next += length
            left -= length
        }
        return left == 0 ? true : takeBack(columnCount)
    }

    /// Takes the values of the first columns back out of a row that turned out to be none.
    private func takeBack(_ count: Int) -> Bool {
        for index in 0..<count {
            let length = unsafe Int(columns[index].lengths[rows])
            if length > 0 { unsafe columns[index].count -= length }
        }
        return false
    }

    private mutating func growRows() {
        let larger = rowCapacity * 2
        for index in 0..<columnCount { unsafe columns[index].growRows(to: larger, keeping: rows) }
        rowCapacity = larger
    }
}
