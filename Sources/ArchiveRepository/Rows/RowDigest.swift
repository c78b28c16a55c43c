/// Computes the content digest of a row from the bytes of binary COPY, equal to the server's.
///
/// The server hashes `record_send(row(…))`: the number of columns (4 bytes), then for each column the number of its type,
/// the length of its value and the value. A row of binary COPY has the number of columns (2 bytes), lengths and values; so
/// the types are all that is missing. The digest of many rows is the exact sum of theirs.
public struct RowDigest: ~Copyable, Sendable {
    /// Rows whose image is longer are hashed in pieces, so that memory does not grow with them.
    private static let longestImage = 1 << 18
    /// What may be written behind the image, and has to be zero there: the rest of a block.
    private static let margin = 16

    private let types: [UInt32]
    /// The types as they stand in the image, high byte first.
    private var typeWords: ScratchArray<UInt32>
    private var image = ScratchArray<UInt8>(capacity: 1 << 12)

    /// Prepares for rows of some columns.
    ///
    /// - Parameter types: The number of each column's type, in the order of the COPY; see `ContentDigest` for which
    ///   number stands for which column.
    public init(types: [UInt32]) {
        self.types = types
        typeWords = ScratchArray(capacity: types.count)
        for (index, type) in types.enumerated() { typeWords[index] = type.bigEndian }
    }

    /// How many columns a row has.
    public var columns: Int { types.count }

    /// The digest of one row.
    ///
    /// - Parameter row: A row of binary COPY, from the number of its columns to the end of its last value.
    /// - Returns: What `hash_record_extended(row(record_send(row(…))), 0)` is on the server; nothing when the bytes are
    ///   not one row of these columns.
    public mutating func digest(of row: RawSpan) -> Int64? {
        unsafe row.withUnsafeBytes { unsafe digest(of: $0) }
    }

    /// The digest of one row, for callers that hold its memory.
    mutating func digest(of row: UnsafeRawBufferPointer) -> Int64? {
        let length = row.count + 2 + 4 * types.count
        guard length <= Self.longestImage else {
            var running = RunningRowDigest(types: types, rowLength: row.count)
            unsafe running.add(row)
            return running.value
        }
        image.makeRoom(for: length + Self.margin)
        guard let base = row.baseAddress, unsafe fill(from: base, row.count) else { return nil }
        let start = unsafe UnsafeMutableRawPointer(image.start)
        unsafe (start + length).storeBytes(of: 0, as: UInt64.self)
        unsafe (start + length + 8).storeBytes(of: 0, as: UInt64.self)
        return unsafe Int64(bitPattern: Self.hash(start, length))
    }

    /// Writes the image; false when the bytes are no row of these columns.
    ///
    /// Room for the image of a row of this length was made; every length is checked against what is left of the row, so
    /// no more is written.
    @inline(__always)
    private func fill(from row: UnsafeRawPointer, _ length: Int) -> Bool {
        guard length >= 2, unsafe Int(Int16(bigEndian: row.loadUnaligned(as: Int16.self))) == types.count else {
            return false
        }
        var source = unsafe row + 2
        let end = unsafe row + length
        var target = unsafe UnsafeMutableRawPointer(image.start)
        unsafe target.storeBytes(of: UInt32(truncatingIfNeeded: types.count).bigEndian, as: UInt32.self)
        unsafe target += 4
        for index in 0..<types.count {
            guard unsafe end - source >= 4 else { return false }
            let word = unsafe source.loadUnaligned(as: UInt32.self)
            unsafe target.storeBytes(of: typeWords.start[index], as: UInt32.self)
            unsafe (target + 4).storeBytes(of: word, as: UInt32.self)
            unsafe source += 4
            unsafe target += 8
            let size = Int(Int32(bitPattern: UInt32(bigEndian: word)))
            let left = unsafe end - source
            guard size >= -1, size <= left else { return false }
            guard size > 0 else { continue }
            // Short values by two fixed steps where the row goes on that far: a call of memcpy costs more than they do.
            // The image has room for it: what is written too much is overwritten by what follows, or by the zeros.
            if size <= 16, left >= 16 {
                unsafe target.storeBytes(of: source.loadUnaligned(as: UInt64.self), as: UInt64.self)
                unsafe (target + 8).storeBytes(of: (source + 8).loadUnaligned(as: UInt64.self), as: UInt64.self)
            } else {
                unsafe target.copyMemory(from: source, byteCount: size)
            }
            unsafe source += size
            unsafe target += size
        }
        return unsafe source == end
    }

    @inline(__always)
    private static func hash(_ start: UnsafeRawPointer, _ length: Int) -> UInt64 {
        var words = HashWords(length: length, seed: 0)
        var next = unsafe start
        var left = length
        while left >= 12 {
            unsafe words.add(next)
            unsafe next += 12
            left -= 12
        }
        return unsafe words.finish(next)
    }
}

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
