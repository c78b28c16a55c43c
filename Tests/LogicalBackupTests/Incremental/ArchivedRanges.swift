import ArchiveRepository
import PostgresTypes

@testable import LogicalBackup

/// What the archive gives back of a table, told apart by the ranges that the index names.
///
/// A row that is lost, doubled, stale, or counted to another range than the one it stands in gives another digest there.
struct ArchivedRanges {
    private(set) var rows: [Int: Int] = [:]
    private(set) var contents: [Int: Int128] = [:]

    /// The archive and the index do not fit each other.
    struct Misfit: Error {
        let what: String

        init(_ what: String) { self.what = what }
    }

    /// Decodes every row of a table in binary format.
    ///
    /// - Parameters:
    ///   - chunks: The chunks of the table in the manifest.
    ///   - runs: The ranges of their rows, from the index.
    ///   - types: The types of the columns as `ContentDigest` gives them to clients.
    ///   - reader: The right to read the archive.
    /// - Throws: What reading throws; ``Misfit``.
    init(_ chunks: [ChunkRecord], _ runs: [[StoredRun]], types: [UInt32], reader: ReaderAccess) throws {
        guard chunks.count == runs.count else { throw Misfit("there are not as many chunks as lists of runs") }
        var digest = RangeDigest(types: types)
        for (chunk, runs) in zip(chunks, runs) {
            var ranges = runs.flatMap { run in Array(repeating: run.range, count: run.rows) }.compactMap(\.self)[...]
            for piece in chunk.pieces {
                var source = try reader.open(piece)
                let bytes = try source.readAll()
                for row in try Self.rows(of: bytes) {
                    guard let range = ranges.popFirst() else { throw Misfit("there are more rows than runs") }
                    try unsafe digest.add(bytes.span.bytes.extracting(row))
                    let one = digest.take()
                    guard one.rows == 1 else { throw Misfit("something is no row of these columns") }
                    rows[range, default: 0] += 1
                    contents[range, default: 0] += one.digest
                }
            }
            guard ranges.isEmpty else { throw Misfit("there are fewer rows than runs") }
        }
    }

    /// Where the rows of a binary COPY stand: behind a header of 19 bytes, before the end, which is -1.
    private static func rows(of bytes: [UInt8]) throws -> [Range<Int>] {
        func number(_ place: Int, _ width: Int) -> Int {
            bytes[place..<(place + width)].reduce(0) { $0 << 8 | Int($1) }
        }
        var rows: [Range<Int>] = []
        var place = 19
        while number(place, 2) != 0xFFFF {
            let start = place
            let columns = number(place, 2)
            place += 2
            for _ in 0..<columns {
                place += 4 + max(0, Int(Int32(truncatingIfNeeded: number(place, 4))))
            }
            rows.append(start..<place)
        }
        guard place + 2 == bytes.count else { throw Misfit("the stream goes on behind its end") }
        return rows
    }
}
