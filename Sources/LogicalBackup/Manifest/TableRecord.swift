public import ArchiveRepository
public import CatalogInspection
import SQLText

/// A table in a backup.
public struct TableRecord: Sendable, Codable {
    /// How its rows are written.
    public enum Format: String, Sendable, Codable {
        /// `COPY … (FORMAT binary)`.
        case binary
        /// COPY's text format under pinned settings.
        case text
    }

    /// The table as the catalog described it.
    public var table: TableInfo
    /// The columns in the rows, in their order there.
    public var columns: [ColumnInfo]
    /// How its rows are written.
    public var format: Format
    /// A column refers to catalog objects by name: it can be loaded only when those exist.
    public var referencesCatalog: Bool
    /// Its rows are loaded through the partition root, because the leaf they belong to differs between databases.
    public var loadsThroughRoot: Bool
    /// The partition root, quoted, where there is one.
    public var rootName: String?
    /// Rows that are loaded through the root may find no leaf there, for one is missing; `nil`: none is.
    public var rootIsPartial: Bool?
    /// How many rows.
    public var rows: Int
    /// The content digest, a decimal number.
    public var digest: String
    /// Where the rows are.
    public var chunks: [ChunkRecord]
    /// The types, by number, under which ``digest`` can be computed from rows in binary format; `nil`: only a server can.
    public var digestTypes: [UInt32]?
}

/// Some rows of a table: those of a range of its pages.
public struct ChunkRecord: Sendable, Hashable, Codable {
    /// Where they are: one piece, or several where they are too large for one object.
    public var pieces: [StoredPiece]
    /// How many rows.
    public var rows: Int
    /// The content digest of these rows, a decimal number.
    public var digest: String

    /// Some rows of a table.
    ///
    /// - Parameters:
    ///   - pieces: Where they are.
    ///   - rows: How many rows.
    ///   - digest: The content digest of these rows, a decimal number.
    public init(pieces: [StoredPiece], rows: Int, digest: String) {
        self.pieces = pieces
        self.rows = rows
        self.digest = digest
    }

    /// The length of the COPY streams.
    public var rawBytes: Int { pieces.reduce(0) { $0 + $1.rawBytes } }
}

/// The large objects of a database.
public struct LargeObjectRecord: Sendable, Codable {
    /// Each object with its owner.
    public var objects: [LargeObjectInfo]
    /// The pages of `pg_largeobject`: `(loid, pageno, data)` in binary COPY.
    public var chunks: [ChunkRecord]
    /// The digest of all pages.
    public var digest: String
}

/// Exact sums of digests, which are larger than 64 bits.
public enum DigestSum: Sendable {
    /// Adds decimal numbers.
    ///
    /// - Parameter digests: Decimal numbers, each within 127 bits.
    /// - Returns: The sum in decimal, or `nil` when one is no number.
    public static func of(_ digests: [String]) -> String? {
        var sum: Int128 = 0
        for digest in digests {
            guard let number = Int128(digest) else { return nil }
            sum += number
        }
        return String(sum)
    }
}
