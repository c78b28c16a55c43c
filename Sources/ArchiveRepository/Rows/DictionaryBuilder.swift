/// Finds the distinct values of a list, in the order in which they first occur.
struct DictionaryBuilder: ~Copyable, Sendable {
    /// The most entries that a dictionary has.
    static let mostEntries = 1 << 16
    /// How far a place in the table may be from where the hash says; further means that the hash does not fit the values.
    private static let furthest = 256
    private static let sample = 512

    private var table = ScratchArray<UInt32>()
    private var firsts = ScratchArray<UInt32>()
    private var entryBytes = ScratchArray<UInt8>()
    private var entryLengths = ScratchArray<Int32>()
    private var entryOffsets = ScratchArray<UInt32>()
    /// Which entry stands at each place of the list.
    private(set) var places = ScratchArray<Int64>()
    /// How many entries there are.
    private(set) var count = 0

    /// Whether so many values occur more than once that a dictionary is worth trying.
    mutating func isPromising(_ list: ValueList) -> Bool {
        let count = unsafe list.count
        let size = min(count, Self.sample)
        var neighbours = 0
        prepareTable(for: size)
        for index in 0..<size {
            let place = index * count / size
            _ = unsafe entry(of: place, in: list)
            if place > 0, unsafe list.length(place) == list.length(place - 1),
                unsafe Self.isSame(list, place, place - 1)
            {
                neighbours += 1
            }
        }
        return self.count * 2 <= size || neighbours * 2 >= size
    }

    /// Builds the dictionary.
    ///
    /// - Returns: Whether there is one; `false` when the values are too many.
    mutating func build(_ list: ValueList) -> Bool {
        let count = unsafe list.count
        let limit = min(Self.mostEntries, count / 3)
        guard limit > 0 else { return false }
        prepareTable(for: limit)
        places.makeRoom(for: count)
        for index in 0..<count {
            guard let place = unsafe entry(of: index, in: list), self.count <= limit else { return false }
            unsafe places.start[index] = Int64(place)
        }
        unsafe gatherEntries(list)
        return true
    }

    /// The entries as a list of their own; it is good until the next dictionary is built.
    var entries: ValueList {
        var width: Int? = Int(entryLengths[0])
        for index in 0..<count where Int(entryLengths[index]) != width { width = nil }
        return unsafe ValueList(
            count: count, bytes: UnsafeRawBufferPointer(start: entryBytes.start, count: byteCount), width: width,
            lengths: entryLengths.start, offsets: entryOffsets.start)
    }

    /// How many bytes the entries have.
    var byteCount: Int { Int(entryOffsets[count]) }

    private mutating func prepareTable(for entries: Int) {
        var size = 64
        while size < entries * 2 + 2 { size *= 2 }
        tableMask = size - 1
        table.makeRoom(for: size)
        firsts.makeRoom(for: entries + 2)
        unsafe table.start.update(repeating: 0, count: size)
        count = 0
    }
    private var tableMask = 0

    /// The entry of a value, a new one if needed; nothing when the table has no place for it.
    @inline(__always)
    private mutating func entry(of index: Int, in list: ValueList) -> Int? {
        let length = unsafe list.length(index)
        guard let start = unsafe list.start(index) else { return nil }
        var place = unsafe Int(truncatingIfNeeded: ByteString.hash(start, length)) & tableMask
        for _ in 0..<min(Self.furthest, tableMask) {
            let known = unsafe Int(table.start[place])
            if known == 0 {
                // One more than the limit is noticed by the caller.
                guard count < firsts.capacity - 1, count * 2 <= tableMask else { return nil }
                unsafe firsts.start[count] = UInt32(index)
                count += 1
                unsafe table.start[place] = UInt32(count)
                return count - 1
            }
            let first = unsafe Int(firsts.start[known - 1])
            if unsafe list.length(first) == length, unsafe Self.isSame(list, first, index) { return known - 1 }
            place = (place + 1) & tableMask
        }
        return nil
    }

    @inline(__always)
    private static func isSame(_ list: ValueList, _ one: Int, _ other: Int) -> Bool {
        guard let left = unsafe list.start(one), let right = unsafe list.start(other) else { return false }
        return unsafe ByteString.areEqual(left, right, list.length(one))
    }

    private mutating func gatherEntries(_ list: ValueList) {
        entryLengths.makeRoom(for: count)
        entryOffsets.makeRoom(for: count + 1)
        var total = 0
        for index in 0..<count { total += unsafe list.length(Int(firsts[index])) }
        entryBytes.makeRoom(for: total)
        var used = 0
        for index in 0..<count {
            let first = Int(firsts[index])
            let length = unsafe list.length(first)
            entryLengths[index] = Int32(length)
            entryOffsets[index] = UInt32(used)
            if let start = unsafe list.start(first) {
                unsafe UnsafeMutableRawPointer(entryBytes.start + used).copyMemory(from: start, byteCount: length)
            }
            used += length
        }
        entryOffsets[count] = UInt32(used)
    }
}
