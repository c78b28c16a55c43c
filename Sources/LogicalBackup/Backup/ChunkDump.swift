import ArchiveRepository
import CatalogInspection
import Diagnostics
import PostgresClient
import PostgresTypes

/// Moves the rows of a COPY into an object.
struct ChunkSink: ~Copyable, CopySink, Sendable {
    private var writer: ChunkWriter

    init(_ writer: consuming ChunkWriter) { self.writer = writer }

    mutating func write(_ row: RawSpan) throws { try writer.write(row) }

    consuming func finish() throws -> StoredObject { try writer.finish() }
}

/// Reads one chunk: its digest by the server, its rows by COPY, both in the same snapshot.
enum ChunkDump {
    /// Reads rows into an object.
    ///
    /// - Throws: ``BackupError`` when digest and COPY do not count the same rows.
    static func read(
        copy: String,
        digest: String,
        subject: String,
        on session: Session,
        into writer: consuming ChunkWriter
    ) async throws -> ChunkRecord {
        guard let answer = try await session.query(Query(unsafeSQL: digest)).first else {
            throw PostgresError(kind: .unexpectedAnswer, message: "No digest for \(subject)")
        }
        let counted: Int = try answer.value("rows")
        var sink = ChunkSink(writer)
        let copied = try await session.copyOut(copy, into: &sink)
        guard copied == counted else {
            throw BackupError(
                code: "backup.count-differs",
                summary: "\(subject): the server counts \(counted) rows and COPY sent \(copied).",
                remedy: Remedy(
                    "Nothing was stored as a backup. If this happens again, the table is damaged: amcheck it."),
                failureClass: .corrupt
            )
        }
        return ChunkRecord(object: try sink.finish(), rows: copied, digest: try answer.value("digest"))
    }
}
