import CatalogInspection
import PostgresTypes
import SQLText

/// The rows one worker reads in one piece.
struct PlannedChunk: Sendable {
    /// The place of the table in the plan.
    let table: Int
    /// The order among the chunks of its table.
    let order: Int
    /// What stands after WHERE, or nothing for the whole table.
    let condition: String?
    /// An estimate of its size in bytes, for the order of work and for progress.
    let bytes: Int
}

/// Which tables are read, how, and in what pieces.
struct ChunkPlan: Sendable {
    /// Pages of 8 KiB in one chunk: the unit of storage.
    static let pagesPerChunk = 1_024

    /// The tables with rows of their own, their counts still open.
    let tables: [TableRecord]
    /// The work, largest first, so that the last ones to finish are small: single chunks, and bundles of small tables.
    let work: [[PlannedChunk]]
    /// Tables of up to so many pages share an object: a store of many small objects is slow and dear.
    static let pagesOfSmallTable = 16
    /// A bundle ends at so many pages or tables.
    static let bundle = (pages: 128, tables: 64)
    /// An estimate of all bytes.
    var bytes: Int { work.joined().reduce(0) { $0 + $1.bytes } }

    /// Plans the reading of tables.
    init(tables all: [TableInfo], types: TypeCatalog, throughRoot: Set<OID>) {
        var records: [TableRecord] = []
        var chunks: [PlannedChunk] = []
        let byID = Dictionary(all.map { ($0.oid, $0) }) { first, _ in first }
        for table in all where table.kind == .ordinary {
            let root = table.partitionRoot.flatMap { byID[$0] }
            let viaRoot = root.map { throughRoot.contains($0.oid) } ?? false
            // Leaf and root may order their columns differently; rows that go through the root are in its order.
            let columns = (viaRoot ? root : table)?.storedColumns ?? table.storedColumns
            let binary = columns.allSatisfy { types.isBinaryPortable($0.type) }
            records.append(
                TableRecord(
                    table: table,
                    columns: columns,
                    format: binary ? .binary : .text,
                    referencesCatalog: columns.contains { types.referencesCatalog($0.type) },
                    loadsThroughRoot: viaRoot,
                    rootName: root?.qualifiedName,
                    rows: 0,
                    digest: "0",
                    chunks: []
                )
            )
            chunks += Self.chunks(of: table, place: records.count - 1)
        }
        self.tables = records
        let small = chunks.filter { $0.condition == nil && $0.bytes <= Self.pagesOfSmallTable * 8_192 }
        let large = chunks.filter { $0.condition != nil || $0.bytes > Self.pagesOfSmallTable * 8_192 }
        work = large.sorted { $0.bytes > $1.bytes }.map { [$0] } + Self.bundles(small)
    }

    /// Small tables in the order of the plan, so that unchanged ones make the same object again.
    private static func bundles(_ chunks: [PlannedChunk]) -> [[PlannedChunk]] {
        var bundles: [[PlannedChunk]] = []
        var bytes = 0
        for chunk in chunks {
            let isFull = bytes + chunk.bytes > bundle.pages * 8_192 || (bundles.last?.count ?? 0) >= bundle.tables
            if bundles.isEmpty || isFull {
                bundles.append([])
                bytes = 0
            }
            bundles[bundles.count - 1].append(chunk)
            bytes += chunk.bytes
        }
        return bundles
    }

    /// Ranges of heap pages; the last one is open, for a table may grow behind the snapshot.
    private static func chunks(of table: TableInfo, place: Int) -> [PlannedChunk] {
        guard table.pages > 0 || !table.isHeap else { return [] }
        guard table.isHeap, table.pages > pagesPerChunk else {
            return [PlannedChunk(table: place, order: 0, condition: table.rowCondition, bytes: table.pages * 8_192)]
        }
        let also = table.rowCondition.map { " and \($0)" } ?? ""
        return stride(from: 0, to: table.pages, by: pagesPerChunk).enumerated().map { order, start in
            let end = start + pagesPerChunk
            let upper = end < table.pages ? " and \(ContentDigest.alias).ctid < '(\(end),0)'" : ""
            return PlannedChunk(
                table: place,
                order: order,
                condition: "\(ContentDigest.alias).ctid >= '(\(start),0)'\(upper)\(also)",
                bytes: (min(end, table.pages) - start) * 8_192
            )
        }
    }
}

extension TableRecord {
    /// The COPY statement that reads rows of the table.
    func copyOutStatement(condition: String?) -> String {
        let list = columns.map { "\(ContentDigest.alias).\(SQLQuoting.identifier($0.name))" }.joined(separator: ", ")
        let filter = condition.map { " WHERE \($0)" } ?? ""
        let format = format == .binary ? "binary" : "text"
        return "COPY (SELECT \(list) FROM ONLY \(table.qualifiedName) \(ContentDigest.alias)\(filter))"
            + " TO STDOUT (FORMAT \(format))"
    }

    /// The COPY statement that loads rows into a table.
    func copyInStatement(target: String) -> String {
        let list = columns.map { SQLQuoting.identifier($0.name) }.joined(separator: ", ")
        let columnList = columns.isEmpty ? "" : " (\(list))"
        return "COPY \(target)\(columnList) FROM STDIN (FORMAT \(format == .binary ? "binary" : "text"))"
    }
}
