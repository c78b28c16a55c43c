import ArchiveRepository
import CatalogInspection
import LogicalBackup
import PostgresClient
import PostgresTypes
import Testing

@testable import LogicalBackup

/// Compares a backup with what the server says, table by table and range by range.
///
/// The server is asked by other statements than those of a backup: the whole table is digested without ranges, and the
/// contents of each range are digested by the server, where the backup digests what COPY sent.
enum NightTruth {
    /// What of a backup is not as the server has it.
    ///
    /// - Parameters:
    ///   - manifest: The backup.
    ///   - repository: Where it is.
    ///   - session: A session in a transaction of the backup's moment, with pinned settings.
    /// - Returns: A line for each difference.
    /// - Throws: `PostgresError`, or what reading the archive throws.
    static func differences(
        of manifest: BackupManifest,
        in repository: ScratchRepository,
        seenBy session: Session
    ) async throws -> [String] {
        let types = try await TypeQuery.types(in: session)
        let tables = TableReading.all(
            try await TableQuery.tables(in: session),
            types: types,
            columnDigests: try await TableQuery.columnDigests(in: session),
            throughRoot: try await PartitionQuery.rootsWithUnstableLeaves(in: session, types: types)
        )
        let names = Set(tables.map(\.record.table.displayName))
        var differences = names.symmetricDifference(manifest.tables.map(\.table.displayName)).map { "\($0) is missing" }
        let object = try #require(manifest.rangeIndex)
        let index = try #require(RangeIndex(try repository.writer.index(object)))
        let digest = ContentDigest(types: types)
        for table in tables {
            let name = table.record.table.displayName
            guard let record = manifest.tables.first(where: { $0.table.displayName == name }) else { continue }
            let sql = digest.statement(
                source: "only \(record.table.qualifiedName)", columns: record.columns,
                condition: table.record.table.rowCondition)
            let row = try await session.query(Query(unsafeSQL: sql)).first
            let truth = "\(row?[0] ?? "") \(row?[1] ?? "")"
            if truth != "\(record.rows) \(record.digest)" {
                differences.append("\(name): \(record.rows) rows of \(record.digest), the server says \(truth)")
            }
            guard let ranges = index.tables[table.record.table.oid] else { continue }
            differences += try await Self.differences(of: record, table, ranges, repository.reader, session)
        }
        return differences
    }

    /// Compares range by range: the server, the index and the rows in the archive.
    private static func differences(
        of record: TableRecord,
        _ table: TableReading,
        _ ranges: TableRanges,
        _ reader: ReaderAccess,
        _ session: Session
    ) async throws -> [String] {
        guard ranges.digests.count > 0 else { return [] }
        let name = record.table.displayName
        let span = RangeQuery.Span(table: table, ranges: 0..<ranges.digests.count, withContents: true)
        let truth = try #require(try await RangeQuery.digests(of: [span], on: session).first)
        var differences: [String] = []
        if truth != ranges.digests { differences.append("\(name): the index is not what the server says") }
        guard let types = table.clientTypes else { return differences }
        let archived = try ArchivedRanges(record.chunks, ranges.chunks, types: types, reader: reader)
        for range in 0..<truth.count {
            let rows = archived.rows[range] ?? 0
            if rows != truth.rows[range] || archived.contents[range] ?? 0 != truth.contents[range] {
                differences.append("\(name): the rows of range \(range) in the archive are not those of the server")
            }
        }
        return differences
    }
}
