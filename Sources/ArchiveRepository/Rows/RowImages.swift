/// The images of some rows as `record_send` makes them, behind one another, and their hashes.
///
/// Two rows wait for each other and are hashed together: in a hash each step waits for the one before, so one alone leaves
/// half of a processor idle.
struct RowImages: ~Copyable, Sendable {
    /// How many rows are hashed together.
    static let lanes = 2
    /// Rows whose image is longer are hashed in pieces, so that memory does not grow with them.
    private static let longest = 1 << 18
    /// What has to be there behind an image: the rest of a block, zero.
    private static let margin = 16

    /// The types of the columns.
    let types: [UInt32]
    /// The types as they stand in the image, high byte first.
    private var typeWords: ScratchArray<UInt32>
    private var bytes = ScratchArray<UInt8>(capacity: 1 << 12)
    private var used = 0
    private var starts: [2 of Int] = .init(repeating: 0)
    private var lengths: [2 of Int] = .init(repeating: 0)
    /// The hashes after ``hash()``, or of a row that did not have to wait.
    private(set) var hashes: [2 of UInt64] = .init(repeating: 0)
    /// How many rows wait.
    private(set) var count = 0

    init(types: [UInt32]) {
        self.types = types
        typeWords = ScratchArray(capacity: types.count)
        for (index, type) in types.enumerated() { typeWords[index] = type.bigEndian }
    }

    /// Whether a row is short enough to wait for others.
    func canWait(rowLength: Int) -> Bool { rowLength + 2 + 4 * types.count <= Self.longest }

    /// Adds a row that can wait; there is room for it while fewer than ``lanes`` wait.
    ///
    /// - Returns: Whether the bytes are one row of these columns; if not, nothing was added.
    @inline(__always)
    mutating func add(_ row: UnsafeRawBufferPointer) -> Bool {
        let length = row.count + 2 + 4 * types.count
        bytes.grow(to: used + length + Self.margin, keeping: used)
        let start = unsafe UnsafeMutableRawPointer(bytes.start + used)
        guard let base = row.baseAddress, unsafe fill(start, from: base, row.count) else { return false }
        unsafe (start + length).storeBytes(of: 0, as: UInt64.self)
        unsafe (start + length + 8).storeBytes(of: 0, as: UInt64.self)
        starts[count] = used
        lengths[count] = length
        count += 1
        used += length + Self.margin
        return true
    }

    /// Hashes the rows that wait.
    ///
    /// - Returns: How many ``hashes`` are new.
    mutating func hash() -> Int {
        let start = unsafe UnsafeRawPointer(bytes.start)
        if count == Self.lanes {
            unsafe hashPair(start + starts[0], start + starts[1])
        } else if count == 1 {
            var words = HashWords(length: lengths[0], seed: 0)
            hashes[0] = unsafe words.finish(start + starts[0], lengths[0])
        }
        defer {
            count = 0
            used = 0
        }
        return count
    }

    @inline(__always)
    private mutating func hashPair(_ first: UnsafeRawPointer, _ second: UnsafeRawPointer) {
        var one = HashWords(length: lengths[0], seed: 0)
        var two = HashWords(length: lengths[1], seed: 0)
        let common = min(lengths[0], lengths[1]) / HashWords.block &* HashWords.block
        var place = 0
        while place < common {
            unsafe one.add(first + place)
            unsafe two.add(second + place)
            place &+= HashWords.block
        }
        hashes[0] = unsafe one.finish(first + common, lengths[0] - common)
        hashes[1] = unsafe two.finish(second + common, lengths[1] - common)
    }

    /// Writes an image; false when the bytes are no row of these columns.
    ///
    /// Room for the image of a row of this length was made; every length is checked against what is left of the row, so
    /// no more is written.
    @inline(__always)
    private func fill(_ image: UnsafeMutableRawPointer, from row: UnsafeRawPointer, _ length: Int) -> Bool {
        guard length >= 2, unsafe Int(Int16(bigEndian: row.loadUnaligned(as: Int16.self))) == types.count else {
            return false
        }
        var source = unsafe row + 2
        let end = unsafe row + length
        var target = unsafe image
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
}
