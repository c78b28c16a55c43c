import CatalogInspection
import PostgresTypes
import SQLText
import SealedStreams

/// A table as a backup reads it.
struct TableReading: Sendable {
    /// The table, its rows still open.
    var record: TableRecord
    /// What decides the meaning of its stored rows; equal to that of an earlier backup, rows can be compared.
    let fingerprint: String
    /// Codes of the labels of all enums in its rows, ascending; with a label more, the others mean what they did.
    let labels: [Int64]
    /// The SQL of one row's content hash.
    let rowHash: String
    /// The types by which the client computes that hash from rows in binary format; `nil`: the server has to.
    let clientTypes: [UInt32]?

    /// How many ranges it has.
    ///
    /// A table that is not a heap has one, which is never compared.
    var rangeCount: Int {
        record.table.isHeap ? RangeDigests.count(ofPages: record.table.pages) : 1
    }
    /// An estimate of the bytes of some ranges, for the order of work and for progress.
    func bytes(ofRanges count: Int) -> Int {
        record.table.isHeap ? count * RangeDigests.pages * 8_192 : record.table.pages * 8_192
    }

    /// Plans the reading of all tables with rows of their own.
    static func all(
        _ tables: [TableInfo],
        types: TypeCatalog,
        columnDigests: [OID: String],
        throughRoot: [OID: HashCoverage]
    ) -> [TableReading] {
        let byID = Dictionary(tables.map { ($0.oid, $0) }) { first, _ in first }
        let digest = ContentDigest(types: types)
        return tables.filter { $0.kind == .ordinary }.map { table in
            let root = table.partitionRoot.flatMap { byID[$0] }
            let coverage = root.flatMap { throughRoot[$0.oid] }
            let viaRoot = coverage != nil
            // Leaf and root may order their columns differently; rows that go through the root are in its order.
            let columns = (viaRoot ? root : table)?.storedColumns ?? table.storedColumns
            let isBinary = columns.allSatisfy { types.isBinaryPortable($0.type) }
            let clientTypes = isBinary ? digest.clientTypes(for: columns) : nil
            let record = TableRecord(
                table: table,
                columns: columns,
                format: isBinary ? .binary : .text,
                referencesCatalog: columns.contains { types.referencesCatalog($0.type) },
                loadsThroughRoot: viaRoot,
                rootName: root?.qualifiedName,
                rootIsPartial: coverage == .partial ? true : nil,
                rows: 0,
                digest: "0",
                chunks: [],
                digestTypes: clientTypes
            )
            let shapes = Set(columns.flatMap { types.shapes(of: $0.type) }).sorted()
            let reading = columns.map(\.name) + [table.rowCondition ?? ""] + shapes
            let rowHash = digest.rowHash(of: columns)
            let parts = [columnDigests[table.oid] ?? "", record.format.rawValue, rowHash]
            return TableReading(
                record: record,
                fingerprint: TableFingerprint.of(parts + reading),
                labels: Set(columns.flatMap { types.labels(of: $0.type) }).sorted(),
                rowHash: rowHash,
                clientTypes: clientTypes
            )
        }
    }

    /// The pages of all large objects.
    static func largeObjects(_ pages: TableInfo) -> TableReading {
        let alias = ContentDigest.alias
        let row = pages.columns.map { "\(alias).\($0.name)" }.joined(separator: ", ")
        let record = TableRecord(
            table: pages, columns: pages.columns, format: .binary, referencesCatalog: false, loadsThroughRoot: false,
            rootName: nil, rows: 0, digest: "0", chunks: [])
        return TableReading(
            record: record,
            fingerprint: TableFingerprint.of(["large objects"]),
            labels: [],
            rowHash: "pg_catalog.hash_record_extended(row(pg_catalog.record_send(row(\(row)))), 0::bigint)",
            clientTypes: pages.columns.map(\.type.number)
        )
    }

    /// Whether it is the pages of large objects.
    var isLargeObjects: Bool { record.table.schema == "pg_catalog" }

    /// What it is called, for messages.
    var subject: String { isLargeObjects ? "large objects" : record.table.displayName }
}

/// One text for everything that decides what the stored rows of a table mean.
///
/// None of this changes the file of a table, nor the place of a row: two columns renamed into each other, the label of an
/// enum renamed, an attribute added to a composite type, a column added with a default.
enum TableFingerprint {
    /// A digest of some texts.
    static func of(_ parts: [String]) -> String {
        (try? SHA256.digest(Array(parts.map { "\($0.utf8.count):\($0)" }.joined().utf8)))?.description ?? ""
    }
}
