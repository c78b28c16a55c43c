import ArchiveRepository
import Diagnostics
import SealedStreams
import Testing

@Suite("Content digests while decoding")
struct DecodedDigestTests {
    private func ranges(_ rows: [[UInt8]], of length: Int, types: [UInt32]) throws -> [PieceRange] {
        var digest = RangeDigest(types: types)
        var ranges: [PieceRange] = []
        for row in rows {
            try unsafe digest.add(row.span.bytes)
            if digest.rows == length { ranges.append(digest.take()) }
        }
        return ranges + (digest.rows > 0 ? [digest.take()] : [])
    }

    private func decode(
        _ piece: EncodedPiece,
        types: [UInt32]?,
        live: [LiveRows]? = nil
    ) throws -> Int128? {
        var decoder = try PieceDecoder(name: "piece")
        var source = StingySource(piece.content, step: 70_000)
        var output = ReusableBuffer(capacity: 1_024)
        decoder.begin(length: piece.content.count, live: live, digesting: types)
        while try decoder.decode(from: &source, into: &output) { output.removeAll() }
        return decoder.digest
    }

    private func types(_ count: Int) -> [UInt32] { (0..<count).map { UInt32(17 + $0) } }

    @Test(arguments: 0..<60) func `the digest of the decoded rows is that of the rows that came`(seed: Int) throws {
        let table = RandomTable(seed: UInt64(seed))
        let types = types(table.columns)
        let ranges = try ranges(table.rows, of: 7, types: types)
        let piece = try EncodedPiece(table.messages, columns: table.columns, ranges: ranges)
        let sum = ranges.reduce(0) { $0 + $1.digest }
        #expect(try decode(piece, types: types) == sum)
        #expect(try decode(piece, types: nil) == nil)
        guard ranges.count > 2 else { return }
        // Only some of the ranges.
        let live = ranges.enumerated().map { LiveRows(rows: $1.rows, isLive: $0 % 2 == 1) }
        let some = zip(ranges, live).reduce(Int128(0)) { $0 + ($1.1.isLive ? $1.0.digest : 0) }
        #expect(try decode(piece, types: types, live: live) == some)
    }

    @Test func `rows that are not those of their range are found`() throws {
        let rows = (0..<100).map { CopyRows.row([CopyRows.bigEndian(Int32($0)), nil]) }
        let types: [UInt32] = [23, 25]
        let right = try ranges(rows, of: 10, types: types)
        var swapped = rows
        swapped.swapAt(3, 42)
        let pieces = [
            try EncodedPiece(CopyRows.messages(swapped), columns: 2, ranges: right),
            try EncodedPiece(
                CopyRows.messages(rows), columns: 2,
                ranges: right.dropLast() + [PieceRange(rows: 10, digest: right[9].digest + 1)]),
            // A stored row that is no row of these columns.
            try EncodedPiece(CopyRows.messages(rows.dropLast() + [[0, 2, 0]]), columns: 2, ranges: right),
        ]
        for piece in pieces {
            #expect(failureClass { _ = try decode(piece, types: types) } == .corrupt)
            #expect(failureClass { _ = try decode(piece, types: nil) } == nil)
        }
        let good = try EncodedPiece(CopyRows.messages(rows), columns: 2, ranges: right)
        #expect(failureClass { _ = try decode(good, types: types) } == nil)
        for wrong in [[23, 20], [23], [23, 25, 25]] as [[UInt32]] {
            #expect(failureClass { _ = try decode(good, types: wrong) } == .corrupt)
        }
    }

    @Test func `rows in pieces, around the lengths where the way changes`() throws {
        var random = SeededRandom(5)
        var rows: [[UInt8]] = []
        for length in [0, 1, 262_100, 262_130, 262_140, 262_144, 1 << 20, 1 << 20 + 1, 5 << 20 + 3] {
            rows.append(CopyRows.row([random.bytes(7), random.bytes(length), nil, []]))
        }
        let types = types(4)
        let ranges = try ranges(rows, of: 1, types: types)
        let piece = try EncodedPiece(CopyRows.messages(rows), columns: 4, ranges: ranges)
        #expect(try decode(piece, types: types) == ranges.reduce(0) { $0 + $1.digest })
    }

    @Test func `bytes that are no row have no digest`() throws {
        let row = CopyRows.row([[1, 2, 3], nil, []])
        var digest = RangeDigest(types: types(3))
        try unsafe digest.add(row.span.bytes)
        #expect(digest.take().rows == 1)
        let others = row.indices.map { Array(row.prefix($0)) } + [row + [0], CopyRows.row([[1, 2, 3], nil])]
        for other in others {
            // Nothing at all is what stands around rows: no row, and no damage.
            if other.isEmpty { continue }
            #expect(failureClass { try unsafe digest.add(other.span.bytes) } == .corrupt)
            #expect(digest.take().rows == 0)
        }
        var range = RangeDigest(types: types(3))
        let header = CopyRows.header
        let trailer = CopyRows.trailer
        try unsafe range.add(header.span.bytes)
        let first = CopyRows.header + row
        try unsafe range.add(first.span.bytes)
        try unsafe range.add(trailer.span.bytes)
        #expect(range.take().rows == 1)
        let short = Array(row.dropLast())
        #expect(failureClass { try unsafe range.add(short.span.bytes) } == .corrupt)
    }
}
