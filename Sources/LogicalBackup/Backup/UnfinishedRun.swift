import ArchiveRepository
import CatalogInspection
import Foundation
import PostgresTypes

/// What a run left that ended before its backup was whole: where the rows are that it read, or found unchanged.
///
/// The next run compares with it as with an earlier backup, under the same guard: what was not read has other rows than
/// none, and is read. See `docs/ARCHIVE-FORMAT.md`, section "Unfinished runs".
struct UnfinishedRun: Sendable, Codable {
    /// The chunks of one table.
    struct Table: Sendable, Codable {
        var table: UInt32
        var chunks: [ChunkRecord]
    }

    /// The version of this document; another one is passed over.
    var format = 1
    /// The run's name.
    var run: String
    /// When its snapshot was taken.
    var snapshotAt: Date
    /// The database's name.
    var database: String
    /// What the server was right after the snapshot.
    var server: ServerDescription
    /// When the run that read everything began, this one or an earlier one.
    var lastReadInFull: Date?
    /// The files that open the objects.
    var keyFiles: [KeyFile] = []
    /// The tables that have chunks; that of large objects too.
    var tables: [Table] = []
    /// The index of these tables, as a backup has it.
    var index = Data()

    /// Every object that it names.
    var objects: [StoredObject] { Array(Set(tables.flatMap(\.chunks).flatMap(\.pieces).map(\.object))) }

    /// The chunks by table.
    var chunks: [OID: [ChunkRecord]] {
        Dictionary(tables.map { (OID($0.table), $0.chunks) }) { first, _ in first }
    }
}
