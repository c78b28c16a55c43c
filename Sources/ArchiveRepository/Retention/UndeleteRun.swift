import Diagnostics

/// Brings a deleted backup back, as long as no prune has removed it.
public struct UndeleteRun: Sendable {
    private let records: SealedRecords
    private let keeper: ClaimKeeper

    /// For the deleted backups of a repository.
    ///
    /// - Parameters:
    ///   - records: What seals claims and marks.
    ///   - timing: How often the claim is renewed.
    public init(records: SealedRecords, timing: ClaimTiming = ClaimTiming()) {
        self.init(records: records, keeper: ClaimKeeper(records: records, timing: timing))
    }

    init(records: SealedRecords, keeper: ClaimKeeper) {
        self.records = records
        self.keeper = keeper
    }

    /// Brings a backup back.
    ///
    /// - Parameter selector: A deleted backup's name, or the beginning of one.
    /// - Returns: The backup.
    /// - Throws: ``RepositoryError``: class `notFound` when no deleted backup is meant, or it was removed already;
    ///   `locked` when a prune is at work.
    public func undelete(_ selector: String) throws -> BackupID {
        // Held, so that no prune removes it between the look and the mark.
        let claim = try keeper.take(.undelete, command: "backup undelete")
        defer { claim.release() }
        let board = MarkBoard(records: records)
        let reading = try board.read()
        let backup = try choose(selector, reading)
        try claim.requireHeld()
        let record = MarkRecord(at: try records.store.now(), command: "backup undelete")
        try board.restore(backup, reading.marks[backup] ?? BackupMarks(), record: record)
        return backup
    }

    private func choose(_ selector: String, _ reading: MarkBoard.Reading) throws -> BackupID {
        let deleted = reading.marks.filter { $0.value.isDeleted }.keys.sorted()
        let matches = selector.isEmpty ? [] : deleted.filter { $0.description.hasPrefix(selector) }
        let standing = try matches.filter { try records.store.size(of: Layout.manifest($0)) != nil }
        if let only = standing.first, standing.count == 1 { return only }
        let code: String
        let summary: String
        if standing.count > 1 {
            code = "backup.ambiguous"
            summary = "\(standing.count) deleted backups begin with \(selector)."
        } else if let removed = matches.first {
            code = "backup.removed"
            summary = "Backup \(removed) was removed after its grace time; it cannot be brought back."
        } else {
            code = "backup.not-deleted"
            summary = "No deleted backup begins with \"\(selector)\"."
        }
        throw RepositoryError(
            code: code,
            summary: summary,
            remedy: Remedy("See them:", command: "wheels-db backup list --all --repository \(records.store.location)"),
            failureClass: .notFound
        )
    }
}
