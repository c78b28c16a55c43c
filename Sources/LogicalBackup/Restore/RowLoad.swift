import ArchiveRepository
import CatalogInspection
import Diagnostics
import PostgresClient
import PostgresTypes
import SQLText

/// Gives the rows of an object to COPY.
struct ChunkSource: ~Copyable, CopySource, Sendable {
    private var reader: ChunkReader
    private var pending: [UInt8] = []
    private var offset = 0

    init(_ reader: consuming ChunkReader) { self.reader = reader }

    mutating func read(into buffer: inout MutableRawSpan) throws -> Int {
        while offset == pending.count {
            var piece = pending
            pending = []
            piece.removeAll(keepingCapacity: true)
            let more: Void? = try reader.withNextPiece { span in
                unsafe span.withUnsafeBytes { unsafe piece.append(contentsOf: $0) }
            }
            pending = piece
            offset = 0
            guard more != nil else { return 0 }
        }
        let count = min(buffer.byteCount, pending.count - offset)
        // One copy of a piece into the session's buffer; both ranges were just bounded.
        unsafe buffer.withUnsafeMutableBytes { target in
            unsafe pending.withUnsafeBytes { source in
                unsafe target.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[offset..<(offset + count)]))
            }
        }
        offset += count
        return count
    }
}

/// One chunk and where its rows go.
struct ChunkLoad: Sendable {
    let chunk: ChunkRecord
    let statement: String
    let subject: String
}

/// Loads the rows of one object into a table.
struct RowLoad: Sendable {
    let reader: ReaderAccess
    let backup: BackupID
    let usesReplicationRole: Bool

    /// Loads one chunk in a transaction of its own.
    ///
    /// - Throws: ``BackupError`` when the server stored another number of rows than the backup holds.
    func load(_ work: ChunkLoad, on session: Session) async throws {
        try await session.withTransaction { session in
            try await prepare(session)
            try await copy(work, on: session)
        }
    }

    /// Loads one chunk in the transaction that is open, which ``prepare(_:)`` has made ready.
    func copy(_ work: ChunkLoad, on session: Session) async throws {
        var source = ChunkSource(try reader.openChunk(work.chunk.object, of: backup))
        let stored = try await session.copyIn(work.statement, from: &source)
        guard stored == work.chunk.rows else {
            throw Self.countDiffers(work.subject, stored: stored, expected: work.chunk.rows)
        }
    }

    /// Large objects come as pages through a temporary table; a page is at most 2 KiB.
    func loadLargeObjects(_ record: LargeObjectRecord, on session: Session) async throws {
        try await session.withTransaction { session in
            try await prepare(session)
            for object in record.objects {
                try await session.execute("select pg_catalog.lo_create(\(unsafeSQL: "\(object.oid)"))")
            }
            try await session.execute(
                "create temporary table wheels_db_pages (loid oid, pageno int4, data bytea) on commit drop"
            )
            for chunk in record.chunks {
                var source = ChunkSource(try reader.openChunk(chunk.object, of: backup))
                let copy = "COPY pg_temp.wheels_db_pages FROM STDIN (FORMAT binary)"
                let stored = try await session.copyIn(copy, from: &source)
                guard stored == chunk.rows else {
                    throw Self.countDiffers("large objects", stored: stored, expected: chunk.rows)
                }
            }
            try await session.execute(
                """
                select pg_catalog.count(pg_catalog.lo_put(loid, pageno::int8 * 2048, data)) from pg_temp.wheels_db_pages
                """
            )
            for object in record.objects {
                if let comment = object.comment {
                    try await session.execute(
                        "COMMENT ON LARGE OBJECT \(unsafeSQL: "\(object.oid)") IS \(literal: comment)"
                    )
                }
                let owner = SQLQuoting.identifier(object.owner)
                let sql = "ALTER LARGE OBJECT \(object.oid) OWNER TO \(owner)"
                if object.owner != session.settings.user { try await session.execute(Query(unsafeSQL: sql)) }
            }
        }
    }

    /// The settings of a transaction that loads rows.
    func prepare(_ session: Session) async throws {
        try await session.executeScript(PinnedSettings.script)
        if usesReplicationRole { try await session.execute("SET LOCAL session_replication_role = replica") }
    }

    private static func countDiffers(_ subject: String, stored: Int, expected: Int) -> BackupError {
        BackupError(
            code: "restore.count-differs",
            summary: "\(subject): the server stored \(stored) rows and the backup holds \(expected).",
            remedy: Remedy("The database stays closed. Check the backup:", command: "wheels-db backup verify"),
            failureClass: .dataDiffers
        )
    }
}
