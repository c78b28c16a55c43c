import CatalogInspection
import Testing

@testable import LogicalBackup

@Suite("Counting the rows of a COPY stream")
struct RowCounterTests {
    /// A binary stream as the manual describes it, section "COPY", "Binary Format".
    private func stream(_ rows: [[Int?]], extending: Int = 0) -> [UInt8] {
        var bytes: [UInt8] = Array("PGCOPY\n".utf8) + [0xff, 0x0d, 0x0a, 0] + [0, 0, 0, 0]
        func number(_ value: Int32) {
            for shift in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
        }
        func count(_ value: Int16) { for shift in [8, 0] { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) } }
        number(Int32(extending))
        bytes += [UInt8](repeating: 7, count: extending)
        for row in rows {
            count(Int16(row.count))
            for length in row {
                number(length.map { Int32($0) } ?? -1)
                // Bytes that look like an end and like lengths.
                bytes += [UInt8](repeating: 0xff, count: length ?? 0)
            }
        }
        count(-1)
        return bytes
    }

    private func counted(_ bytes: [UInt8], by size: Int, _ format: TableRecord.Format = .binary) -> RowCounter {
        var counter = RowCounter(format: format)
        for start in stride(from: 0, to: bytes.count, by: size) {
            let piece = Array(bytes[start..<min(start + size, bytes.count)])
            unsafe counter.take(piece.span.bytes)
        }
        return counter
    }

    private static let shapes: [[[Int?]]] = [
        [], [[]], [[], [], []], [[0]], [[nil]], [[nil, 0, 3]], [[1, nil], [300, 2], [nil, nil]], [[70_000], [1]],
    ]

    @Test(arguments: shapes) func `counts rows however the stream is cut into pieces`(rows: [[Int?]]) {
        for extending in [0, 5] {
            let bytes = stream(rows, extending: extending)
            for size in [1, 2, 3, 7, 64, 65_536] {
                let counter = counted(bytes, by: size)
                #expect(counter.rows == rows.count && counter.isComplete)
            }
        }
    }

    @Test func `a stream that was cut anywhere is not complete`() {
        let bytes = stream([[1, nil], [12, 0]])
        for length in 0..<bytes.count {
            #expect(!counted(Array(bytes.prefix(length)), by: 3).isComplete, "cut after \(length) bytes")
        }
    }

    @Test func `bytes after the end are no row`() {
        let counter = counted(stream([[1]]) + [0, 1], by: 4)
        #expect(counter.rows == -1)
    }

    @Test func `text rows end with a newline`() {
        #expect(counted(Array("a\\nb\tc\n\\N\n\n".utf8), by: 2, .text).rows == 3)
        #expect(counted([], by: 1, .text).isComplete)
        #expect(!counted(Array("a\nb".utf8), by: 1, .text).isComplete)
    }
}
