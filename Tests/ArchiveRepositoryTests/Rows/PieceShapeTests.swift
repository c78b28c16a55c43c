import ArchiveRepository
import Diagnostics
import SealedStreams
import Testing

@Suite("Shapes of pieces")
struct PieceShapeTests {
    private func expectRoundTrip(_ messages: [[UInt8]], columns: Int, format: CopyFormat = .binary) throws {
        let piece = try EncodedPiece(messages, columns: columns, format: format)
        #expect(try piece.decoded().stream == messages.flatMap(\.self))
        #expect(try piece.decoded(step: 1).stream == messages.flatMap(\.self))
    }

    @Test func `no rows, one row, no columns`() throws {
        for rows in [0, 1, 3, 600_000] {
            try expectRoundTrip(CopyRows.messages([[UInt8]](repeating: CopyRows.row([]), count: rows)), columns: 0)
        }
        try expectRoundTrip(CopyRows.messages([]), columns: 5)
        try expectRoundTrip(CopyRows.messages([CopyRows.row([nil, [], [1, 2, 3]])]), columns: 3)
    }

    @Test func `the header and the trailer may be messages of their own`() throws {
        let row = CopyRows.row([[7]])
        try expectRoundTrip([CopyRows.header, row, row, CopyRows.trailer], columns: 1)
        try expectRoundTrip([CopyRows.header, CopyRows.trailer], columns: 1)
    }

    @Test func `rows that go on in another piece are a COPY of their own there`() throws {
        let row = CopyRows.row([[7]])
        var encoder = try PieceEncoder(columns: 1, format: .binary)
        let first = try EncodedPiece([CopyRows.header + row], by: &encoder)
        let second = try EncodedPiece([row, CopyRows.trailer], by: &encoder)
        #expect(first.content == second.content)
        #expect(try second.decoded().stream == CopyRows.header + row + CopyRows.trailer)
    }

    @Test func `1600 columns`() throws {
        var random = SeededRandom(1)
        var rows: [[UInt8]] = []
        for row in 0..<40 {
            rows.append(CopyRows.row((0..<1_600).map { $0 % 7 == row % 7 ? nil : random.bytes($0 % 9) }))
        }
        try expectRoundTrip(CopyRows.messages(rows), columns: 1_600)
        try expectRoundTrip(CopyRows.messages([rows[0]]), columns: 1_600)
    }

    @Test func `a row of 100 MB costs no second copy, and comes back in parts`() throws {
        var random = SeededRandom(2)
        let noise = random.bytes(1 << 20)
        let large = CopyRows.row([[1], (0..<100).flatMap { _ in noise }])
        let small = CopyRows.row([[2], [3]])
        let messages = CopyRows.messages([small, small, large, small])
        var encoder = try PieceEncoder(columns: 2, format: .binary)
        var content = ReusableBuffer(capacity: 16)
        for message in messages {
            try unsafe encoder.encode(message.span.bytes, into: &content)
            #expect(encoder.bufferedBytes < 1_000)
        }
        #expect(try encoder.finish(ranges: [], into: &content).rows == 4)
        let decoded = try EncodedPiece.decode(content.array)
        #expect(decoded.stream == messages.flatMap(\.self))
        #expect(decoded.longestStep <= 4 << 20)
    }

    @Test func `a group holds at most 8 MiB`() throws {
        var random = SeededRandom(3)
        let rows = (0..<30).map { _ in CopyRows.row([random.bytes(900_000)]) }
        let messages = CopyRows.messages(rows)
        var encoder = try PieceEncoder(columns: 1, format: .binary)
        var content = ReusableBuffer(capacity: 16)
        var most = 0
        for message in messages {
            try unsafe encoder.encode(message.span.bytes, into: &content)
            most = max(most, encoder.bufferedBytes)
        }
        _ = try encoder.finish(ranges: [], into: &content)
        #expect(most > 7 << 20 && most <= 8 << 20)
        let decoded = try EncodedPiece.decode(content.array)
        #expect(decoded.stream == messages.flatMap(\.self))
        #expect(decoded.longestStep <= 8 << 20)
    }

    @Test func `text rows are kept as they are`() throws {
        let rows = (0..<40_000).map { Array("\($0)\t\\N\ta text with \\t and ü\tpublic.trips\n".utf8) }
        try expectRoundTrip(rows, columns: 4, format: .text)
        try expectRoundTrip([], columns: 4, format: .text)
        try expectRoundTrip([[UInt8]](repeating: [10], count: 600_000), columns: 0, format: .text)
        let piece = try EncodedPiece(rows, columns: 4, format: .text)
        #expect(piece.content.count < rows.count * 8)
        let live = [
            LiveRows(rows: 10, isLive: false), LiveRows(rows: 39_989, isLive: true), LiveRows(rows: 1, isLive: false),
        ]
        #expect(try piece.decoded(live: live).stream == rows[10..<39_999].flatMap(\.self))
    }

    @Test func `what is no row is kept as it is, between rows`() throws {
        let row = CopyRows.row([[1], [2, 3]])
        let odd: [[UInt8]] = [
            [0], [0, 3, 0, 0], CopyRows.row([[1]]), row + [9], row.dropLast(), CopyRows.row([[1], nil]) + [0],
            [0, 2, 0, 0, 0, 1, 5, 0x80, 0, 0, 0], [0, 2, 0, 0, 0, 1, 5, 0xff, 0xff, 0xff, 0xfe],
        ].map { Array($0) }
        var messages = [CopyRows.header + row]
        for each in odd { messages += [row, each, row, row, each, each] }
        try expectRoundTrip(messages + [CopyRows.trailer], columns: 2)
    }

    @Test func `a header with flags is refused`() throws {
        var message = CopyRows.header + CopyRows.row([[1]])
        message[13] = 1
        let refused = failureClass { _ = try EncodedPiece([message], columns: 1) }
        #expect(refused == .unsupportedVersion)
    }

    @Test func `ranges come back, with digests of either sign`() throws {
        let ranges = [
            PieceRange(rows: 2, digest: .min), PieceRange(rows: 0, digest: .max), PieceRange(rows: 1, digest: -1),
        ]
        let row = CopyRows.row([[7]])
        let piece = try EncodedPiece(CopyRows.messages([row, row, row]), columns: 1, ranges: ranges)
        #expect(try piece.decoded().ranges == ranges)
        #expect(
            failureClass { _ = try EncodedPiece(CopyRows.messages([row]), columns: 1, ranges: ranges) } == .corrupt)
    }

    @Test func `a list of wanted rows has to fit`() throws {
        let piece = try EncodedPiece(CopyRows.messages([CopyRows.row([[7]])]), columns: 1)
        for rows in [0, 2] {
            let live = [LiveRows(rows: rows, isLive: true)]
            #expect(failureClass { _ = try piece.decoded(live: live) } == .corrupt)
        }
    }

    @Test func `pieces stand behind one another, and a decoder reads not a byte too many`() throws {
        let table = RandomTable(seed: 12)
        let piece = try EncodedPiece(table.messages, columns: table.columns)
        var source = StingySource(piece.content + piece.content + [1, 2, 3])
        var decoder = try PieceDecoder(name: "piece")
        for _ in 0..<2 {
            var stream = ReusableBuffer(capacity: 16)
            decoder.begin(length: piece.content.count)
            while try decoder.decode(from: &source, into: &stream) {}
            #expect(stream.array == table.stream)
        }
        #expect(source.position == 2 * piece.content.count)
    }
}
