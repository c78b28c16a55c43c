public import Diagnostics
import Foundation
import SealedStreams

/// The marks of all backups of a repository.
public struct MarkBoard: Sendable {
    private let records: SealedRecords

    /// The marks of a repository.
    ///
    /// - Parameter records: What seals and opens them.
    public init(records: SealedRecords) { self.records = records }

    /// What the marks say, and which of them say nothing.
    public struct Reading: Sendable {
        /// By backup; one without marks is not there.
        public private(set) var marks: [BackupID: BackupMarks] = [:]
        /// One finding for each mark that no key at hand vouches for.
        public fileprivate(set) var findings: [Finding] = []

        /// An empty reading.
        public init() {}

        /// Whether a backup is deleted.
        ///
        /// - Parameter backup: The backup.
        /// - Returns: `true` when its marks say so.
        public func isDeleted(_ backup: BackupID) -> Bool { marks[backup]?.isDeleted ?? false }

        mutating func setMarks(_ marks: BackupMarks, of backup: BackupID) { self.marks[backup] = marks }
    }

    /// Reads the marks: of each backup and kind the last one that counts.
    ///
    /// A mark counts when a key at hand sealed it. One exception: a mark that brings a backup back counts also when
    /// another generation of the repository's keys sealed it, because the worst it can do is to keep something.
    ///
    /// - Returns: What they say.
    /// - Throws: ``RepositoryError`` when the store cannot be read.
    public func read() throws -> Reading {
        var entries: [BackupID: [MarkName: BlobEntry]] = [:]
        for entry in try records.store.list(MarkName.folder) {
            guard case .mark(let name) = ObjectRole(entry.name) else { continue }
            entries[name.backup, default: [:]][name] = entry
        }
        var reading = Reading()
        for (backup, own) in entries.sorted(by: { $0.key < $1.key }) {
            var marks = BackupMarks()
            marks.names = own.keys.sorted { ($0.kind.rawValue, $0.order) < ($1.kind.rawValue, $1.order) }
            marks.deleted = try last(.deleted, own, &reading.findings).map { ($0.order, $0.at) }
            marks.restored = try last(.restored, own, &reading.findings).map { ($0.order, $0.at) }
            marks.verifiedAt = try last(.verified, own, &reading.findings)?.at
            reading.setMarks(marks, of: backup)
        }
        return reading
    }

    /// Marks a backup as deleted.
    ///
    /// - Parameters:
    ///   - backup: The backup.
    ///   - marks: What its marks say now.
    ///   - record: What to note.
    /// - Throws: ``RepositoryError`` when the mark cannot be put.
    func delete(_ backup: BackupID, _ marks: BackupMarks, record: MarkRecord) throws {
        let name = MarkName(.deleted, backup, order: marks.nextDeletion)
        try records.put(record, as: try name.blob, kind: .mark)
    }

    /// Brings a deleted backup back.
    func restore(_ backup: BackupID, _ marks: BackupMarks, record: MarkRecord) throws {
        guard let deletion = marks.deleted else { return }
        try records.put(record, as: try MarkName(.restored, backup, order: deletion.number).blob, kind: .mark)
    }

    /// Notes that every object of a backup was read and found whole: the newest such backup is never removed.
    ///
    /// - Parameters:
    ///   - backup: The backup.
    ///   - command: The command that read it.
    /// - Throws: ``RepositoryError`` when the mark cannot be put.
    public func noteVerified(_ backup: BackupID, command: String) throws {
        let now = try records.store.now()
        do {
            let name = try MarkName.verified(backup, at: now).blob
            try records.put(MarkRecord(at: now, command: command), as: name, kind: .mark)
        } catch let error as any ExplainedError {
            // Somebody else noted the same in this very second.
            guard error.failureClass == .refused else { throw error }
        }
    }

    private func last(
        _ kind: MarkName.Kind,
        _ own: [MarkName: BlobEntry],
        _ findings: inout [Finding]
    ) throws -> (order: Int, at: Date)? {
        for (name, entry) in own.filter({ $0.key.kind == kind }).sorted(by: { $0.key.order > $1.key.order }) {
            do {
                let record = try records.content(MarkRecord.self, of: entry.name, kind: .mark)
                // A copied repository has later times in the store; a mark never counts as older than it is.
                return (name.order, max(record.at, entry.modified ?? record.at))
            } catch let error as any ExplainedError {
                switch error.failureClass {
                case .corrupt, .unsupportedVersion, .wrongKey:
                    // A prune may have removed it since it was listed.
                    guard try records.store.size(of: entry.name) != nil else { continue }
                    let isOfOtherKeys = error.failureClass == .wrongKey
                    findings.append(
                        Finding(
                            code: isOfOtherKeys ? "repository.mark-of-other-keys" : "repository.forged-mark",
                            severity: isOfOtherKeys ? .note : .warning,
                            subject: entry.name.description,
                            message: "\(error.summary) It says nothing about backup \(name.backup).",
                            remedy: isOfOtherKeys ? error.remedy : Remedy("Find out who can write to the store.")
                        ))
                    if isOfOtherKeys, kind == .restored {
                        return (name.order, entry.modified ?? .distantPast)
                    }
                default: throw error
                }
            }
        }
        return nil
    }
}
