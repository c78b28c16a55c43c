/// The digest of a row that comes in pieces.
struct RunningRowDigest: Sendable {
    private let types: [UInt32]
    private var hash: RunningHash
    /// The column that comes next; -1 before the number of columns.
    private var column = -1
    private var word: UInt32 = 0
    private var wordBytes = 0
    private var left = 0
    private var isRow = true

    init(types: [UInt32], rowLength: Int) {
        self.types = types
        hash = RunningHash(length: rowLength + 2 + 4 * types.count)
    }

    /// Takes the next bytes of the row.
    mutating func add(_ bytes: UnsafeRawBufferPointer) {
        var place = 0
        while place < bytes.count, isRow {
            if left > 0 {
                let step = min(left, bytes.count - place)
                unsafe hash.add(UnsafeRawBufferPointer(rebasing: bytes[place..<place + step]))
                left -= step
                place += step
                continue
            }
            word = unsafe word << 8 | UInt32(bytes[place])
            place += 1
            wordBytes += 1
            if wordBytes == (column < 0 ? 2 : 4) { takeWord() }
        }
    }

    /// The digest; nothing when the bytes were not one row of these columns.
    var value: Int64? {
        guard isRow, column == types.count, left == 0, wordBytes == 0 else { return nil }
        return Int64(bitPattern: hash.value)
    }

    private mutating func takeWord() {
        defer {
            word = 0
            wordBytes = 0
        }
        guard column >= 0 else {
            isRow = Int(word) == types.count
            column = 0
            return add(UInt32(truncatingIfNeeded: types.count))
        }
        let size = Int32(bitPattern: word)
        guard column < types.count, size >= -1 else {
            isRow = false
            return
        }
        add(types[column])
        add(word)
        left = max(0, Int(size))
        column += 1
    }

    private mutating func add(_ word: UInt32) {
        var bytes = word.bigEndian
        unsafe withUnsafeBytes(of: &bytes) { unsafe hash.add($0) }
    }
}
