import ArchiveRepository
import Diagnostics
import SealedStreams
import Testing

@Suite("Damaged pieces")
struct PieceDamageTests {
    /// What decoding ends with: its rows, or the class of its error.
    private func outcome(_ content: [UInt8]) -> FailureClass? {
        failureClass { _ = try EncodedPiece.decode(content) }
    }

    @Test(arguments: [3, 12, 21, 34, 57, 80, 101, 144])
    func `any byte may be anything: an error or rows, and never a trap`(seed: Int) throws {
        let table = RandomTable(seed: UInt64(seed))
        let piece = try EncodedPiece(
            Array(table.messages.prefix(60)) + [CopyRows.trailer], columns: table.columns,
            ranges: [PieceRange(rows: min(60, table.rows.count), digest: 7)])
        var random = SeededRandom(UInt64(seed))
        for place in piece.content.indices.prefix(3_000) {
            for flip: UInt8 in [1, 0x80, UInt8.random(in: 1...255, using: &random)] {
                var damaged = piece.content
                damaged[place] ^= flip
                if let found = outcome(damaged) { #expect(found == .corrupt || found == .unsupportedVersion) }
            }
        }
    }

    @Test func `a piece that is cut, or goes on, is corrupt`() throws {
        let table = RandomTable(seed: 3)
        let piece = try EncodedPiece(table.messages, columns: table.columns)
        for length in piece.content.indices.prefix(2_000) {
            #expect(outcome(Array(piece.content.prefix(length))) == .corrupt)
        }
        #expect(outcome(piece.content + [0]) == .corrupt)
        var decoder = try PieceDecoder(name: "piece")
        var source = StingySource(Array(piece.content.dropLast(4)))
        var output = ReusableBuffer(capacity: 16)
        decoder.begin(length: piece.content.count)
        #expect(failureClass { while try decoder.decode(from: &source, into: &output) {} } == .corrupt)
    }

    /// A piece with one columnar group, spelled out.
    private func piece(
        codec: UInt8 = 1, format: UInt8 = 1, columns: UInt16 = 1, rows: UInt32 = 2, coding: UInt8 = 1,
        raw: UInt32 = 20, length: UInt32? = nil, body: [UInt8], end: UInt32 = 0, ranges: UInt32 = 0, rest: [UInt8] = []
    ) -> [UInt8] {
        func little(_ number: some FixedWidthInteger) -> [UInt8] { CopyRows.bigEndian(number).reversed() }
        return [codec, format] + little(columns) + little(rows) + [coding] + little(raw)
            + little(length ?? UInt32(body.count)) + body + little(end) + little(ranges) + rest
    }

    @Test func `each field is checked`() throws {
        // One column, no NULL, integers of 4 bytes, no bits: base 3 (as zigzag 6), twice.
        let body: [UInt8] = [1, 3, 4, 0, 6]
        #expect(
            try EncodedPiece.decode(piece(body: body)).stream
                == CopyRows.messages([CopyRows.row([[0, 0, 0, 3]]), CopyRows.row([[0, 0, 0, 3]])]).flatMap(\.self))
        let bad: [(String, [UInt8])] = [
            ("columns", piece(columns: 1_665, body: body)), ("columns", piece(columns: 2, body: body)),
            ("format", piece(format: 0, body: body)), ("rows", piece(rows: 3, body: body)),
            ("rows", piece(rows: .max, body: body)), ("coding", piece(coding: 0, body: body)),
            ("coding", piece(coding: 3, body: body)), ("coding", piece(coding: 2, body: body)),
            ("raw", piece(raw: 21, body: body)), ("raw", piece(raw: 0, body: body)),
            ("raw", piece(raw: .max, body: body)),
            ("length", piece(length: 4, body: body)), ("length", piece(length: 6, body: body)),
            ("length", piece(length: .max, body: body)), ("end", piece(body: body, end: 1)),
            ("ranges", piece(body: body, ranges: 1)), ("ranges", piece(body: body, ranges: .max)),
            ("range", piece(body: body, ranges: 1, rest: [3, 0, 0, 0] + [UInt8](repeating: 0, count: 16))),
            ("presence", piece(body: [3] + body.dropFirst())), ("kind", piece(body: [1, 0, 4, 0, 6])),
            ("kind", piece(body: [1, 8, 4, 0, 6])), ("width", piece(body: [1, 3, 3, 0, 6])),
            ("bits", piece(body: [1, 3, 4, 12, 6])), ("flags", piece(body: [1, 3, 4, 0x40, 6])),
            ("varint", piece(body: [1, 3, 4, 0] + [UInt8](repeating: 0xff, count: 11))),
            ("integer", piece(body: [1, 3, 4, 0, 0xff, 0xff, 0xff, 0xff, 0x7f])), ("behind", piece(body: body + [0])),
            ("form", piece(body: [1, 3, 4, 4, 6, 3, 0])), ("stream", piece(body: [1, 3, 4, 4, 6, 1, 0])),
            ("frame", piece(body: [1, 3, 4, 4, 6, 2, 2, 0, 0])),
            ("frame", piece(body: [1, 3, 4, 4, 6, 2, 3, 0, 0, 0])),
            ("null", piece(body: [2, 4, 0, 1, 0, 2] + body.dropFirst())), ("null", piece(body: [2, 0, 2, 3, 4, 0, 6])),
            ("lengths", piece(body: [1, 1, 0, 7])), ("lengths", piece(body: [1, 1, 0, 10, 0, 1])),
            ("planes", piece(body: [1, 2, 5, 0, 1])), ("numeric", piece(raw: 28, body: [1, 4, 0, 1, 0, 2])),
            ("numeric", piece(raw: 28, body: [1, 4, 0, 4, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1])),
            ("decimals", piece(body: [1, 5, 2, 0, 0, 6])), ("decimals", piece(body: [1, 5, 4, 10, 0, 6])),
            ("dictionary", piece(body: [1, 6, 0, 3, 4, 0, 6, 0, 0])),
            ("dictionary", piece(body: [1, 6, 3, 3, 4, 0, 6, 0, 0])),
            ("dictionary", piece(body: [1, 6, 1, 6, 1, 3, 4, 0, 6, 0, 0, 0, 0])),
            ("dictionary", piece(body: [1, 6, 1, 3, 4, 0, 6, 0, 2])),
            ("dictionary", piece(body: [1, 6, 1, 3, 4, 0, 6, 0, 1])),
            ("differences", piece(raw: 28, body: [1, 7, 0, 0, 6])),
            ("differences", piece(raw: 28, body: [1, 7, 1, 0, 6])),
        ]
        for (field, content) in bad { #expect(outcome(content) == .corrupt, "\(field): \(content)") }
        #expect(outcome(piece(codec: 2, body: body)) == .unsupportedVersion)
        #expect(outcome(piece(codec: 4, body: body)) == .unsupportedVersion)
        #expect(outcome([]) == .corrupt)
    }

    @Test func `each field of templates is checked`() throws {
        // One template that is one hole for a number, twice; the number is 5, twice.
        func templates(
            count: UInt8 = 1, kind: UInt8 = 1, text: UInt8 = 0x11, choice: UInt8 = 0, hole: [UInt8] = [3, 8, 0, 10]
        ) -> [UInt8] {
            [1, 8, count, kind, 0, 2, 0, text, 0, choice] + hole
        }
        let row = CopyRows.row([Array("5".utf8)])
        let good = piece(codec: 3, raw: 14, body: templates())
        #expect(try EncodedPiece.decode(good).stream == CopyRows.messages([row, row]).flatMap(\.self))
        let limit: [UInt8] = [0x80, 0x80, 0xa0, 0xf6, 0xf4, 0xac, 0xdb, 0xe0, 0x1b]
        let bad: [(String, [UInt8])] = [
            ("count", templates(count: 0)), ("count", templates(count: 3)), ("unused", templates(count: 2)),
            ("kind", templates(kind: 2)), ("kind", templates(kind: 6)), ("choice", templates(choice: 2)),
            ("choice", templates(choice: 1)), ("hole", templates(hole: [3, 4, 0, 10])),
            ("hole", templates(hole: [1, 0, 2, 0, 65])), ("nested", templates(hole: [8, 8, 0, 10])),
            ("nested", templates(hole: [7, 0, 0, 10])), ("negative", templates(hole: [3, 8, 0, 9])),
            ("large", templates(hole: [3, 8, 0] + limit)), ("long", templates(hole: [3, 8, 0, 20])),
            ("identifier", templates(text: 0x12)), ("text", templates(text: 0x10)), ("missing", templates(hole: [])),
        ]
        for (field, body) in bad {
            #expect(outcome(piece(codec: 3, raw: 14, body: body)) == .corrupt, "\(field): \(body)")
        }
        #expect(outcome(piece(codec: 1, raw: 14, body: templates())) == .corrupt)
    }

    @Test func `a small piece cannot ask for much memory`() throws {
        // A quarter of a million rows of one constant text of 16 MiB would be 4 TiB.
        let dictionary: [UInt8] = [1, 6, 1, 1, 0, 0x80, 0x80, 0x80, 8, 0, 65, 0, 0]
        #expect(outcome(piece(rows: 1 << 18, raw: 8 << 20, body: dictionary)) == .corrupt)
        #expect(outcome(piece(columns: 1_600, rows: 1 << 18, raw: 8 << 20, body: [])) == .corrupt)
    }
}
