import ArchiveRepository
import CatalogInspection
import Diagnostics
import PostgresClient
import PostgresTypes
import SQLText

/// Gives the rows of a piece to COPY.
struct PieceSource: ~Copyable, CopySource, Sendable {
    private let access: ReaderAccess
    private let piece: StoredPiece
    private var reader: PieceReader?
    private var pending: [UInt8] = []
    private var offset = 0

    /// Nothing is read yet: the object is opened by the thread that loads it.
    init(_ piece: StoredPiece, from access: ReaderAccess) {
        self.access = access
        self.piece = piece
    }

    mutating func read(into buffer: inout MutableRawSpan) throws -> Int {
        while offset == pending.count {
            var piece = pending
            pending = []
            piece.removeAll(keepingCapacity: true)
            let isMore = try readMore(into: &piece)
            pending = piece
            offset = 0
            guard isMore else { return 0 }
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

    private mutating func readMore(into bytes: inout [UInt8]) throws -> Bool {
        if reader == nil { reader = try access.open(piece) }
        return try reader?.withNextBytes { span in
            unsafe span.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
        } != nil
    }
}

/// One piece and where its rows go.
struct PieceLoad: Sendable {
    let piece: StoredPiece
    let statement: String
    let subject: String
}

/// Loads the rows of one piece into a table.
struct RowLoad: Sendable {
    let reader: ReaderAccess
    let usesReplicationRole: Bool

    /// Loads one piece in a transaction of its own.
    ///
    /// - Throws: ``BackupError`` when the server stored another number of rows than the backup holds.
    func load(_ work: PieceLoad, on session: Session) async throws {
        try await session.withTransaction { session in
            try await prepare(session)
            try await copy(work, on: session)
        }
    }

    /// Loads one piece in the transaction that is open, which ``prepare(_:)`` has made ready.
    func copy(_ work: PieceLoad, on session: Session) async throws {
        var source = PieceSource(work.piece, from: reader)
        let stored = try await session.copyIn(work.statement, from: &source)
        guard stored == work.piece.liveRows else {
            throw Self.countDiffers(work.subject, stored: stored, expected: work.piece.liveRows)
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
            for piece in record.chunks.flatMap(\.pieces) {
                var source = PieceSource(piece, from: reader)
                let copy = "COPY pg_temp.wheels_db_pages FROM STDIN (FORMAT binary)"
                let stored = try await session.copyIn(copy, from: &source)
                guard stored == piece.liveRows else {
                    throw Self.countDiffers("large objects", stored: stored, expected: piece.liveRows)
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
