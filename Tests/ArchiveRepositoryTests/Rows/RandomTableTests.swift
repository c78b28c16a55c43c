import ArchiveRepository
import Foundation
import SealedStreams
import Testing

/// Random tables through one encoder: 500 in `make test`, 10,000 in `make soak`.
@Suite("Random tables")
struct RandomTableTests {
    private static let count = ProcessInfo.processInfo.environment["WHEELS_RANDOM_TABLES"].flatMap { Int($0) } ?? 500
    private static let shares = 4

    @Test(arguments: 0..<shares)
    func `every table comes back to the byte, and is encoded the same again`(share: Int) throws {
        var encoder = try PieceEncoder(columns: 0, format: .binary)
        for seed in stride(from: share, to: Self.count, by: Self.shares) {
            let table = RandomTable(seed: UInt64(seed))
            encoder.begin(columns: table.columns, format: .binary)
            let piece = try EncodedPiece(table.messages, by: &encoder)
            let decoded = try piece.decoded(step: seed % 3 == 0 ? 7 : .max)
            try #require(decoded.stream == table.stream, "table \(seed)")
            #expect(piece.totals == PieceTotals(rows: table.rows.count, rawBytes: table.stream.count), "table \(seed)")
            #expect(decoded.rows == table.rows.count, "table \(seed)")
            // A used encoder and a fresh one: what it did before leaves no trace.
            if seed % 5 == 0 {
                let again = try EncodedPiece(table.messages, columns: table.columns)
                #expect(again.content == piece.content, "table \(seed)")
            }
        }
    }

    @Test(arguments: 0..<8) func `rows that are not wanted are left out`(seed: Int) throws {
        var random = SeededRandom(UInt64(seed) + 900)
        let table = RandomTable(seed: UInt64(seed * 31 + 3))
        var live: [LiveRows] = []
        var wanted: [[UInt8]] = []
        var row = 0
        while row < table.rows.count {
            let run = min(Int.random(in: 0...40, using: &random), table.rows.count - row)
            live.append(LiveRows(rows: run, isLive: Bool.random(using: &random)))
            if live.last?.isLive == true { wanted += table.rows[row..<row + run] }
            row += run
        }
        let piece = try EncodedPiece(table.messages, columns: table.columns)
        let decoded = try piece.decoded(live: live)
        #expect(decoded.stream == CopyRows.header + wanted.flatMap(\.self) + CopyRows.trailer)
        #expect(decoded.rows == table.rows.count)
    }
}
