import Testing

@testable import Seeding

@Suite("Bytes of the seed")
struct SeedBytesTests {
    @Test(arguments: SeedCatalog.tables.map(\.displayName))
    func `scale 1 gives the bytes it always gave`(name: String) throws {
        let table = try #require(SeedCatalog.tables.first { $0.displayName == name })
        #expect(SeedBytes.digest(table, at: 1) == SeedDigests.all[name])
    }

    @Test func `every table has its digest, and no other has one`() {
        #expect(SeedDigests.all.keys.sorted() == SeedCatalog.tables.map(\.displayName).sorted())
    }

    @Test(arguments: [(1, 2), (10, 11)])
    func `a larger scale begins with the very bytes of the smaller one`(scales: (Int, Int)) {
        for table in SeedCatalog.tables {
            let small = SeedBytes.of(table, at: scales.0)
            let large = SeedBytes.of(table, at: scales.1)
            #expect(large.starts(with: small), "\(table.displayName)")
            #expect(table.rows(at: SeedScale(scales.1)) >= table.rows(at: SeedScale(scales.0)))
        }
    }

    @Test func `rows do not depend on what was written before them`() {
        for table in SeedCatalog.tables {
            var cursor = KeyCursor(table.population, scale: SeedScale(2))
            var all: [RowKey] = []
            while let key = cursor.next() { all.append(key) }
            var together = RowWriter(table, inputs: SeedBytes.inputs)
            for key in all.reversed() { together.row(key, of: table) }
            var alone: [UInt8] = []
            for key in all.reversed() {
                var writer = RowWriter(table, inputs: SeedBytes.inputs)
                writer.row(key, of: table)
                alone += writer.bytes
            }
            #expect(together.bytes == alone, "\(table.displayName)")
        }
    }

    @Test func `every row has a field for each column and names itself once`() {
        for table in SeedCatalog.tables {
            let rows = SeedBytes.of(table, at: 2).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
                .dropLast()
            #expect(rows.count == table.rows(at: SeedScale(2)), "\(table.displayName)")
            let widths = Set(rows.map { row in row.count { $0 == UInt8(ascii: "\t") } })
            #expect(widths == [table.columns.count - 1], "\(table.displayName)")
            #expect(Set(table.columns).count == table.columns.count, "\(table.displayName)")
            let keys = Set(
                rows.map { row in
                    let fields = row.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
                    return table.keyColumns.compactMap { table.columns.firstIndex(of: $0) }.map { fields[$0] }
                })
            #expect(keys.count == rows.count, "\(table.displayName): two rows with one key")
        }
    }

    @Test func `fields are written in COPY's text format`() {
        var bytes: [UInt8] = []
        CopyText.append("a\tb\nc\\d\re – ü", to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == #"a\tb\nc\\d\re – ü"#)
        bytes = []
        for (number, digits) in [(0, 2), (5, 2), (-5, 2), (12_345, 2), (-1_234_567, 6), (99, 3)] {
            CopyText.append(scaled: number, digits: digits, to: &bytes)
            bytes.append(UInt8(ascii: " "))
        }
        #expect(String(decoding: bytes, as: UTF8.self) == "0.00 0.05 -0.05 123.45 -1.234567 0.099 ")
        bytes = []
        CopyText.append(7, digits: 4, to: &bytes)
        CopyText.append(-120, to: &bytes)
        CopyText.append(0, to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == "0007-1200")
    }
}
