import ArchiveRepository
import CatalogInspection
import Diagnostics
import PostgresClient
import PostgresTypes
import SQLText

/// Gives the rows of one piece after the other to COPY; an object of several is fetched once.
struct PieceSource: ~Copyable, CopySource, Sendable {
    private let access: ReaderAccess
    private var piece: StoredPiece?
    private var reader: PieceReader?
    private var isBegun = false
    private var pending: [UInt8] = []
    private var offset = 0

    init(from access: ReaderAccess) { self.access = access }

    /// Makes a piece the next one; nothing is read yet: the object is opened by the thread that loads it.
    mutating func begin(_ piece: StoredPiece) {
        self.piece = piece
        isBegun = false
        pending.removeAll(keepingCapacity: true)
        offset = 0
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
        if !isBegun, let piece {
            if reader?.canGoOn(to: piece) == true {
                try reader?.goOn(to: piece)
            } else {
                reader = try access.open(piece)
            }
            isBegun = true
        }
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

    /// So much is loaded by one session before it looks for other work: the objects of many small tables are fetched
    /// once, and a small database is still loaded by several sessions.
    private static let runBytes = 16 << 20

    /// Puts pieces of one object behind one another, in runs for one session each; the largest run first.
    static func runs(_ work: [PieceLoad]) -> [[PieceLoad]] {
        var runs: [[PieceLoad]] = []
        for pieces in Dictionary(grouping: work, by: \.piece.object.name).values {
            var run: [PieceLoad] = []
            var bytes = 0
            for next in pieces.sorted(by: { $0.piece.offset < $1.piece.offset }) {
                if bytes + next.piece.rawBytes > runBytes, !run.isEmpty {
                    runs.append(run)
                    (run, bytes) = ([], 0)
                }
                run.append(next)
                bytes += next.piece.rawBytes
            }
            runs.append(run)
        }
        return runs.map { ($0, $0.reduce(0) { $0 + $1.piece.rawBytes }) }
            .sorted { ($1.1, $0.0[0].piece.object.name) < ($0.1, $1.0[0].piece.object.name) }.map(\.0)
    }
}

/// Loads the rows of one piece into a table.
struct RowLoad: Sendable {
    let reader: ReaderAccess
    let usesReplicationRole: Bool

    /// Loads pieces, each in a transaction of its own.
    ///
    /// - Throws: ``BackupError`` when the server stored another number of rows than the backup holds.
    func load(_ run: [PieceLoad], on session: Session, onPiece: (PieceLoad) -> Void) async throws {
        var source = PieceSource(from: reader)
        for work in run {
            try Task.checkCancellation()
            try await session.withTransaction { session in
                try await prepare(session)
                try await copy(work, from: &source, on: session)
            }
            onPiece(work)
        }
    }

    /// Loads pieces in the transaction that is open, which ``prepare(_:)`` has made ready.
    func copy(_ run: [PieceLoad], on session: Session, onPiece: (PieceLoad) -> Void) async throws {
        var source = PieceSource(from: reader)
        for work in run {
            try await copy(work, from: &source, on: session)
            onPiece(work)
        }
    }

    private func copy(_ work: PieceLoad, from source: inout PieceSource, on session: Session) async throws {
        source.begin(work.piece)
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
            let statement = "COPY pg_temp.wheels_db_pages FROM STDIN (FORMAT binary)"
            let pieces = record.chunks.flatMap(\.pieces).map {
                PieceLoad(piece: $0, statement: statement, subject: "large objects")
            }
            try await copy(pieces, on: session, onPiece: { _ in })
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
