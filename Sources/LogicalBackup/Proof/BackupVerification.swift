public import ArchiveRepository
import CatalogInspection
import Diagnostics
import PostgresTypes

/// Proves that a backup can be read: every object, by the code path of a restore.
public struct BackupVerification: Sendable {
    private let reader: ReaderAccess

    /// A verification by the holder of the identity.
    ///
    /// - Parameter reader: The right to read the repository.
    public init(reader: ReaderAccess) { self.reader = reader }

    /// Decrypts and decodes every object of a backup.
    ///
    /// - Parameters:
    ///   - manifest: The backup.
    ///   - onProgress: Receives progress.
    /// - Returns: What was read.
    /// - Throws: `SealedStreamError` or `RepositoryError` of class `corrupt` naming the object; ``BackupError`` naming
    ///   the table when its rows are not all there.
    public func verify(
        _ manifest: BackupManifest,
        onProgress: @escaping ProgressHandler = { _ in }
    ) async throws -> VerificationReport {
        var bytes = try reader.schema(manifest.schemaArchive).count
        bytes += try reader.schema(manifest.schemaSQL).count
        var work = manifest.tables.flatMap { record in
            record.chunks.flatMap(\.pieces).map { (record.table.displayName, record.format, $0) }
        }
        work += (manifest.largeObjects?.chunks ?? []).flatMap(\.pieces).map { ("large objects", .binary, $0) }
        var rows = 0
        for (place, (subject, format, piece)) in work.enumerated() {
            try Task.checkCancellation()
            let counter = try await counted(piece, format, subject)
            guard counter.isComplete, counter.rows == piece.liveRows else {
                throw BackupError(
                    code: "verify.rows",
                    summary: "\(subject): object \(piece.object.name) holds \(counter.rows) rows; the manifest says"
                        + " \(piece.liveRows).",
                    remedy: Remedy(
                        "This backup cannot be trusted. Make a new one:", command: "wheels-db backup create"),
                    failureClass: .corrupt
                )
            }
            bytes += piece.rawBytes
            rows += counter.rows
            onProgress(RunProgress(phase: "verify", done: place + 1, total: work.count, subject: subject))
        }
        return VerificationReport(objects: manifest.objects.count, rows: rows, bytes: bytes)
    }
}

extension BackupVerification {
    /// Counts the rows of a piece; damage names the table.
    private func counted(
        _ piece: StoredPiece,
        _ format: TableRecord.Format,
        _ subject: String
    ) async throws -> RowCounter {
        let reader = reader
        do {
            return try await BlockingWork.run {
                var counter = RowCounter(format: format)
                var pieceReader = try reader.open(piece)
                while try pieceReader.withNextBytes({ counter.take($0) }) != nil {}
                return counter
            }
        } catch let error as any ExplainedError where error.failureClass == .corrupt {
            throw BackupError(
                code: error.code,
                summary: "\(subject): \(error.summary)",
                remedy: error.remedy
                    ?? Remedy(
                        "See what it touches, then make a full backup:", command: "wheels-db repository check"),
                failureClass: .corrupt
            )
        }
    }
}

/// What a verification has read.
public struct VerificationReport: Sendable, Hashable, Codable {
    /// Objects that were opened, the two of the schema included.
    public let objects: Int
    /// Rows that were counted, pages of large objects included.
    public let rows: Int
    /// Bytes of content.
    public let bytes: Int
}
