import Foundation
import PostgresTypes

/// What one backup notes of a table for the next one: where each range of its pages was stored, and its digests.
struct TableRanges: Sendable, Equatable {
    /// The table's number in `pg_class`.
    var table: OID
    /// The file that held its pages.
    var filenode: OID
    /// What its columns were, see ``TableFingerprint``.
    var fingerprint: String
    /// The labels of its enums, see ``TableReading/labels``.
    var labels: [Int64] = []
    /// The digests of its ranges; the content of each is known.
    var digests: RangeDigests
    /// For each chunk of the table in the manifest: the range that each of its rows belongs to, run by run.
    var chunks: [[StoredRun]]
}

/// Neighbouring rows in a chunk that belong to one range of pages, or to none any more.
struct StoredRun: Sendable, Equatable {
    /// The range; `nil` for rows that were changed or removed since.
    var range: Int?
    /// How many rows.
    var rows: Int
}

/// The ranges of all tables of one backup: the document by which the next one finds what has changed.
///
/// It holds no names and no rows. The writer key opens it; a restore does not need it. See `docs/ARCHIVE-FORMAT.md`,
/// section "The index".
struct RangeIndex: Sendable, Equatable {
    /// By the table's number.
    var tables: [OID: TableRanges]

    fileprivate struct Document: Codable {
        var pagesPerRange: Int
        var tables: [Entry]
    }

    /// Numbers are packed, the lowest byte first, column by column, which compresses well.
    fileprivate struct Entry: Codable {
        var table: UInt32
        var filenode: UInt32
        var fingerprint: String
        var labels: Data?
        var rows: Data
        var identities: Data
        var contents: Data
        var chunks: [Data]
    }

    init(tables: [OID: TableRanges] = [:]) { self.tables = tables }

    /// Reads a document; `nil` when it has another shape or other ranges than this version makes.
    init?(_ bytes: [UInt8]) {
        guard let document = try? JSONDecoder().decode(Document.self, from: Data(bytes)),
            document.pagesPerRange == RangeDigests.pages
        else { return nil }
        tables = [:]
        for entry in document.tables {
            guard let ranges = TableRanges(entry) else { return nil }
            tables[ranges.table] = ranges
        }
    }

    /// The document; the same for the same ranges.
    func encoded() throws -> [UInt8] {
        let entries = tables.values.sorted { $0.table.number < $1.table.number }.map(\.entry)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(Document(pagesPerRange: RangeDigests.pages, tables: entries)))
    }
}

extension TableRanges {
    fileprivate init?(_ entry: RangeIndex.Entry) {
        let rows = Self.numbers(entry.rows, UInt32.self).map { Int($0) }
        let identities = Self.numbers(entry.identities, Int64.self)
        let contents = Self.numbers(entry.contents, Int128.self)
        guard rows.count == identities.count, rows.count == contents.count else { return nil }
        var digests = RangeDigests()
        for (place, count) in rows.enumerated() { digests.append(count, identities[place], contents[place]) }
        var chunks: [[StoredRun]] = []
        for data in entry.chunks {
            let numbers = Self.numbers(data, UInt32.self)
            guard numbers.count.isMultiple(of: 2) else { return nil }
            var runs: [StoredRun] = []
            for place in stride(from: 0, to: numbers.count, by: 2) {
                let range = numbers[place] == .max ? nil : Int(numbers[place])
                runs.append(StoredRun(range: range, rows: Int(numbers[place + 1])))
            }
            chunks.append(runs)
        }
        guard chunks.joined().allSatisfy({ $0.range.map { $0 < rows.count } ?? true }) else { return nil }
        self.init(
            table: OID(entry.table), filenode: OID(entry.filenode), fingerprint: entry.fingerprint,
            labels: Self.numbers(entry.labels ?? Data(), Int64.self), digests: digests, chunks: chunks)
    }

    fileprivate var entry: RangeIndex.Entry {
        RangeIndex.Entry(
            table: table.number,
            filenode: filenode.number,
            fingerprint: fingerprint,
            labels: labels.isEmpty ? nil : Self.packed(labels),
            rows: Self.packed(digests.rows.map { UInt32($0) }),
            identities: Self.packed(digests.identities),
            contents: Self.packed(digests.contents.map { $0 ?? 0 }),
            chunks: chunks.map { Self.packed($0.flatMap(Self.numbers)) }
        )
    }

    private static func numbers(_ run: StoredRun) -> [UInt32] {
        let range: UInt32 = if let range = run.range { UInt32(range) } else { .max }
        return [range, UInt32(run.rows)]
    }

    private static func packed<Number: FixedWidthInteger>(_ numbers: [Number]) -> Data {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(numbers.count * Number.bitWidth / 8)
        // Byte by byte of all numbers: the high ones are nearly all alike.
        for shift in stride(from: 0, to: Number.bitWidth, by: 8) {
            for number in numbers { bytes.append(UInt8(truncatingIfNeeded: number >> Number(shift))) }
        }
        return Data(bytes)
    }

    private static func numbers<Number: FixedWidthInteger>(_ data: Data, _ type: Number.Type) -> [Number] {
        let width = Number.bitWidth / 8
        let count = data.count / width
        guard data.count == count * width else { return [] }
        let bytes = Array(data)
        var numbers: [Number] = []
        numbers.reserveCapacity(count)
        for place in 0..<count {
            var number: Number = 0
            for byte in 0..<width {
                number |= Number(truncatingIfNeeded: bytes[byte * count + place]) << Number(8 * byte)
            }
            numbers.append(number)
        }
        return numbers
    }
}
