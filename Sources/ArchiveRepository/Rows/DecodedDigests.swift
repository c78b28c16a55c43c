import SealedStreams

/// The content digests of the rows of a piece while it is decoded, if they are wanted.
///
/// Where the ranges of a piece end is known only at its end, so the digest of each row is kept until then: for no more
/// rows than a million, which is more than a piece of a table's pages has. Of a longer piece the sum alone is checked.
struct DecodedDigests: ~Copyable, Sendable {
    private static let mostKept = 1 << 20

    private let name: String
    private let types: [UInt32]?
    private var images: RowImages
    private var running: RunningRowDigest
    private var kept = ScratchArray<Int64>()
    private var rows = 0
    /// The sum of all digests so far.
    private(set) var sum: Int128 = 0

    init(types: [UInt32]?, name: String) {
        self.types = types
        self.name = name
        images = RowImages(types: types ?? [])
        running = RunningRowDigest(types: [], rowLength: 0)
    }

    /// Whether there is anything to do.
    var areWanted: Bool { types != nil }

    /// Checks that the piece has the rows that the types are for.
    func check(columns: Int, format: CopyFormat) throws(SealedStreamError) {
        guard let types, format != .binary || types.count != columns else { return }
        throw .corrupt(name, "has rows of \(columns) columns, which is not what is expected")
    }

    /// Takes rows that stand one behind the other.
    mutating func add(_ rowCount: Int, in bytes: UnsafeRawBufferPointer) throws(SealedStreamError) {
        guard areWanted else { return }
        var start = 0
        for _ in 0..<rowCount {
            let length = unsafe Self.rowLength(bytes, start, images.types.count)
            let row = unsafe UnsafeRawBufferPointer(rebasing: bytes[start..<start + length])
            start += length
            guard images.canWait(rowLength: length) else {
                takeHashes()
                try begin(rowLength: length)
                try unsafe add(row, endsRow: true)
                continue
            }
            guard unsafe images.add(row) else { throw notARow }
            if images.count == RowImages.lanes { takeHashes() }
        }
        takeHashes()
    }

    /// Begins a row that comes in pieces.
    mutating func begin(rowLength: Int) throws(SealedStreamError) {
        guard let types else { return }
        running = RunningRowDigest(types: types, rowLength: rowLength)
        if rowLength == 0 { throw notARow }
    }

    /// Takes the next bytes of that row.
    mutating func add(_ bytes: UnsafeRawBufferPointer, endsRow: Bool) throws(SealedStreamError) {
        guard areWanted else { return }
        unsafe running.add(bytes)
        guard endsRow else { return }
        guard let digest = running.value else { throw notARow }
        count(digest)
    }

    /// Compares with the digests that the piece keeps.
    func check(_ ranges: [PieceRange]) throws(SealedStreamError) {
        guard areWanted, !ranges.isEmpty else { return }
        var isRight = ranges.reduce(Int128(0)) { $0 + $1.digest } == sum
        if rows <= Self.mostKept {
            var place = 0
            for range in ranges {
                var found: Int128 = 0
                for _ in 0..<range.rows {
                    found += Int128(kept[place])
                    place += 1
                }
                isRight = isRight && found == range.digest
            }
        }
        guard isRight else { throw .corrupt(name, "has rows whose digest is not the one that was stored with them") }
    }

    private var notARow: SealedStreamError {
        .corrupt(name, "has a row that does not have \(images.types.count) columns")
    }

    private mutating func takeHashes() {
        for index in 0..<images.hash() { count(Int64(bitPattern: images.hashes[index])) }
    }

    private mutating func count(_ digest: Int64) {
        if rows < Self.mostKept {
            kept.grow(to: rows + 1, keeping: rows)
            kept[rows] = digest
        }
        rows += 1
        sum += Int128(digest)
    }

    /// How long the row is that begins somewhere; its lengths are those that a group was checked for.
    private static func rowLength(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ columns: Int) -> Int {
        var place = start + 2
        for _ in 0..<columns {
            let length = unsafe Int32(bigEndian: bytes.loadUnaligned(fromByteOffset: place, as: Int32.self))
            place += 4 + max(0, Int(length))
        }
        return place - start
    }
}
