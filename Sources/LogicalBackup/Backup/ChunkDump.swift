import ArchiveRepository
import CatalogInspection
import Diagnostics
import PostgresClient
import PostgresTypes

/// Rows to read in one COPY.
struct RowSource: Sendable {
    /// The COPY statement.
    let copy: String
    /// The statement that counts and digests the same rows.
    let digest: String
    let columns: Int
    let format: TableRecord.Format
    /// What they are, for messages.
    let subject: String
}

/// Moves the rows of COPYs into objects.
struct RowsSink: ~Copyable, CopySink, Sendable {
    var writer: RowsWriter

    init(_ writer: consuming RowsWriter) { self.writer = writer }

    mutating func write(_ row: RawSpan) throws { try writer.write(row) }
}

/// Reads chunks: the digest of each by the server, its rows by COPY, both in the same snapshot.
enum ChunkDump {
    /// Reads rows into objects; small ones share an object.
    ///
    /// - Returns: One record for each source, in order.
    /// - Throws: ``BackupError`` when digest and COPY do not count the same rows.
    static func read(
        _ sources: [RowSource],
        on session: Session,
        into run: RunWriter
    ) async throws -> [ChunkRecord] {
        var sink = RowsSink(try run.rowsWriter())
        var counts: [(rows: Int, digest: String)] = []
        for source in sources { counts.append(try await read(source, on: session, into: &sink)) }
        let pieces = try await session.onOwnThread(&sink) { try $0.writer.flush() }
        return zip(pieces, counts).map { ChunkRecord(pieces: $0, rows: $1.rows, digest: $1.digest) }
    }

    private static func read(
        _ source: RowSource,
        on session: Session,
        into sink: inout sending RowsSink
    ) async throws -> (rows: Int, digest: String) {
        guard let answer = try await session.query(Query(unsafeSQL: source.digest)).first,
            let digest = Int128(try answer.value("digest") as String)
        else { throw PostgresError(kind: .unexpectedAnswer, message: "No digest for \(source.subject)") }
        let counted: Int = try answer.value("rows")
        sink.writer.begin(columns: source.columns, format: source.format == .binary ? .binary : .text)
        let copied = try await session.copyOut(source.copy, into: &sink)
        guard copied == counted else {
            throw BackupError(
                code: "backup.count-differs",
                summary: "\(source.subject): the server counts \(counted) rows and COPY sent \(copied).",
                remedy: Remedy(
                    "Nothing was stored as a backup. If this happens again, the table is damaged: amcheck it."),
                failureClass: .corrupt
            )
        }
        try await session.onOwnThread(&sink) { try $0.writer.end(digest: digest) }
        return (copied, String(digest))
    }
}
