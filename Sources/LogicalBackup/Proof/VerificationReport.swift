public import ArchiveRepository
public import Diagnostics
public import Foundation

/// What a verification has read, and what it found.
public struct VerificationReport: Sendable, Hashable, Codable {
    /// A backup that is not touched by what was found.
    public struct Untouched: Sendable, Hashable, Codable {
        /// Its name.
        public let backup: String
        /// The moment that it brings back.
        public let snapshotAt: Date
    }

    /// The backup.
    public let backup: String
    /// Objects that it needs, the two of the schema included.
    public let needed: Int
    /// The stored bytes of these.
    public let storedBytes: Int
    /// Objects that were opened and found good.
    public private(set) var objects = 0
    /// The stored bytes of the objects that were read, good or not.
    public internal(set) var storedBytesRead = 0
    /// Rows that were counted, pages of large objects included.
    public private(set) var rows = 0
    /// Bytes of content.
    public private(set) var bytes = 0
    /// Everything that is missing or damaged.
    public internal(set) var problems: [ObjectProblem] = []
    /// The backups that need nothing of it, newest first; empty when nothing was found.
    public internal(set) var untouched: [Untouched] = []

    init(manifest: BackupManifest) {
        backup = manifest.backup
        needed = manifest.objects.count
        storedBytes = manifest.bytesNeeded
    }

    mutating func add(_ content: ObjectContent, isOpened: Bool) {
        rows += content.rows
        bytes += content.bytes
        if isOpened { objects += 1 }
    }

    /// The part of the stored bytes that was read, from 0 to 1.
    public var share: Double { storedBytes == 0 ? 1 : Double(storedBytesRead) / Double(storedBytes) }

    /// Every object was opened, and is good.
    public var isWhole: Bool { problems.isEmpty && objects == needed }

    /// How the verification ends; `nil` when what was read is good.
    public var failureClass: FailureClass? { ObjectProblem.failureClass(of: problems) }

    /// The tables, and other parts, that are touched.
    public var tables: [String] { Set(problems.flatMap(\.tables)).sorted() }

    /// Everything found, and what to do about it.
    public var findings: [Finding] {
        guard !problems.isEmpty else { return [] }
        return problems.map(\.finding) + (failureClass == .corrupt ? [olderBackup, makeGood] : [])
    }

    private var olderBackup: Finding {
        guard let other = untouched.first else {
            return Finding(
                code: "verify.no-other-backup",
                severity: .warning,
                message: "Every backup of this repository is touched by the damage.",
                remedy: Remedy(
                    "A copy of the repository has these objects, where there is one: put them back. Tables that are not"
                        + " touched come back by `restore run --table`.")
            )
        }
        return Finding(
            code: "verify.other-backup",
            severity: .note,
            subject: other.backup,
            message: "Backup \(other.backup) of \(other.snapshotAt.formatted(.iso8601)) needs nothing of what is"
                + " damaged.",
            remedy: Remedy("Prove that it is whole:", command: "wheels-db backup verify \(other.backup)")
        )
    }

    private var makeGood: Finding {
        Finding(
            code: "verify.make-good",
            severity: .note,
            message: "While the database lives, a full backup stores what is damaged again.",
            remedy: Remedy("Make one:", command: "wheels-db backup create --full")
        )
    }

    /// Ends as an error where something was found.
    ///
    /// - Throws: ``BackupError`` that names the first damage, with all of it as findings.
    public func requireWhole() throws {
        guard let failureClass, let first = problems.first else { return }
        throw BackupError(
            code: "verify.damaged",
            summary: "Backup \(backup) is damaged: \(first.reason)",
            remedy: Remedy("See all of it:", command: "wheels-db backup verify \(backup)"),
            failureClass: failureClass,
            findings: findings
        )
    }
}
