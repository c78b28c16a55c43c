import ArchiveRepository
import CatalogInspection
import Diagnostics
import PostgresClient
import PostgresTypes

/// Moves the rows of COPYs into objects.
struct RowsSink: ~Copyable, CopySink, Sendable {
    var writer: RowsWriter

    init(_ writer: consuming RowsWriter) { self.writer = writer }

    mutating func write(_ row: RawSpan) throws { try writer.write(row) }
}

/// What was read of some ranges.
struct ReadRanges: Sendable {
    let unit: ReadUnit
    /// Where the rows are; nothing for ranges without rows.
    let chunk: ChunkRecord?
    /// The range that each row of the chunk belongs to.
    let runs: [StoredRun]
    /// The digests of the ranges, with their contents.
    let digests: RangeDigests
}

/// Reads ranges into objects: first how many rows each has, then the rows, in the same snapshot.
enum ChunkDump {
    /// Reads units into objects; small ones share an object.
    ///
    /// - Parameters:
    ///   - units: What to read.
    ///   - plans: The plans of all tables.
    ///   - session: A session in the snapshot.
    ///   - sink: The worker's own, where the objects go.
    /// - Returns: What was read, unit by unit.
    /// - Throws: ``BackupError`` when the digests and COPY do not count the same rows.
    static func read(
        _ units: [ReadUnit],
        of plans: [TablePlan],
        on session: Session,
        into sink: inout RowsSink
    ) async throws -> [ReadRanges] {
        let digests = try await digests(of: units, plans, on: session)
        for (unit, digests) in zip(units, digests) {
            try await read(unit, digests, of: plans[unit.table].table, on: session, into: &sink)
        }
        let written = try await session.onOwnThread(&sink) { try $0.writer.flush() }
        return units.indices.map { ReadRanges(units[$0], digests[$0], written: written[$0]) }
    }

    /// The digests of the ranges of each unit; contents only where the client cannot compute them.
    private static func digests(
        of units: [ReadUnit],
        _ plans: [TablePlan],
        on session: Session
    ) async throws -> [RangeDigests] {
        let open = units.enumerated().filter { !plans[$1.table].areDigestsKnown }
        // What is read without its digests is neighbouring.
        let spans = open.map { _, unit in
            let table = plans[unit.table].table
            let first = unit.ranges.first ?? 0
            return RangeQuery.Span(
                table: table, ranges: first..<(unit.ranges.last ?? first) + 1,
                withContents: table.clientTypes == nil)
        }
        var result = units.map { plans[$0.table].digests.chosen($0.ranges) }
        guard !spans.isEmpty else { return result }
        for (place, digests) in zip(open.map(\.offset), try await RangeQuery.digests(of: spans, on: session)) {
            result[place] = digests
        }
        return result
    }

    private static func read(
        _ unit: ReadUnit,
        _ digests: RangeDigests,
        of table: TableReading,
        on session: Session,
        into sink: inout RowsSink
    ) async throws {
        let record = table.record
        let ranges = PlannedRanges(
            rows: digests.rows,
            digests: table.clientTypes.map { .ofRows(types: $0) } ?? .given(digests.contents.map { $0 ?? 0 })
        )
        sink.writer.begin(
            columns: record.columns.count, format: record.format == .binary ? .binary : .text, ranges: ranges)
        let counted = digests.rows.reduce(0, +)
        let copied =
            counted == 0
            ? 0 : try await session.copyOut(record.copyOutStatement(ranges: unit.ranges), into: &sink)
        let isComplete = try await session.onOwnThread(&sink) { try $0.writer.end() }
        guard isComplete, copied == counted else {
            throw BackupError(
                code: "backup.count-differs",
                summary: "\(table.subject): the server counts \(counted) rows and COPY sent \(copied).",
                remedy: Remedy(
                    "Nothing was stored as a backup. If this happens again, the table is damaged: amcheck it."),
                failureClass: .corrupt
            )
        }
    }
}

extension ReadRanges {
    fileprivate init(_ unit: ReadUnit, _ asked: RangeDigests, written: WrittenRows) {
        self.unit = unit
        var digests = asked
        for (place, content) in written.digests.enumerated() { digests.contents[place] = content }
        self.digests = digests
        runs = written.runs.joined().map { StoredRun(range: unit.ranges[$0.range], rows: $0.rows) }
        chunk =
            written.pieces.isEmpty
            ? nil
            : ChunkRecord(
                pieces: written.pieces,
                rows: digests.rows.reduce(0, +),
                digest: String(written.digests.reduce(Int128(0), +))
            )
    }
}
