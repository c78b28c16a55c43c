public import ArchiveRepository
public import Diagnostics

/// The backups of a repository.
public struct BackupCatalog: Sendable {
    private let repository: Repository
    private let access: any DocumentAccess

    /// The backups that someone can open.
    ///
    /// - Parameters:
    ///   - repository: The repository.
    ///   - access: Whoever can open manifests.
    public init(repository: Repository, access: any DocumentAccess) {
        self.repository = repository
        self.access = access
    }

    /// All backups, oldest first.
    ///
    /// - Returns: The manifests.
    /// - Throws: ``BackupError``, `RepositoryError`.
    public func list() throws -> [BackupManifest] {
        try repository.backups().map { try open($0) }
    }

    /// The backups that can be opened, oldest first, and what is wrong with the others.
    ///
    /// - Returns: The manifests and the findings.
    /// - Throws: ``BackupError``, `RepositoryError` when none can be opened for a reason that is not theirs, such as a
    ///   store that does not answer.
    public func listing() throws -> Listing {
        var listing = Listing()
        for id in try repository.backups() {
            do { listing.manifests.append(try open(id)) } catch let error as any ExplainedError {
                guard [.corrupt, .unsupportedVersion, .notFound, .wrongKey].contains(error.failureClass) else {
                    throw error
                }
                // Keys that were rotated, or that another machine has, are no damage.
                let isClosed = error.failureClass == .wrongKey
                if listing.failureClass != .corrupt, !isClosed { listing.failureClass = error.failureClass }
                listing.findings.append(
                    Finding(
                        code: error.code,
                        severity: isClosed ? .warning : .error,
                        subject: id.description,
                        message: "Backup \(id) cannot be listed: \(error.summary)",
                        remedy: error.remedy ?? Remedy("Do not count on this backup; make a new one.")
                    )
                )
            }
        }
        return listing
    }

    /// The newest backup that can be opened; those that cannot are passed over.
    func newestThatOpens() throws -> BackupManifest? {
        var newest: (second: Substring, manifest: BackupManifest)?
        for id in try repository.backups().reversed() {
            // The names of backups that began in the same second do not tell which is younger.
            if let newest, newest.second != id.second { break }
            do {
                let manifest = try open(id)
                guard newest.map({ $0.manifest.snapshotAt < manifest.snapshotAt }) ?? true else { continue }
                newest = (id.second, manifest)
            } catch let error as any ExplainedError {
                guard [.corrupt, .unsupportedVersion, .notFound, .wrongKey].contains(error.failureClass) else {
                    throw error
                }
            }
        }
        return newest?.manifest
    }

    /// The backups that can be opened and were not deleted, oldest first, and the marks of all.
    ///
    /// - Returns: The manifests and the marks.
    /// - Throws: As ``listing()``.
    public func kept() throws -> (manifests: [BackupManifest], marks: [BackupID: BackupMarks]) {
        let marks = try MarkBoard(records: SealedRecords(reading: access)).read().marks
        let kept = try listing().manifests.filter { manifest in
            BackupID(manifest.backup).flatMap { marks[$0]?.deletedAt } == nil
        }
        return (kept, marks)
    }

    /// The backups of a repository, and those that cannot be opened.
    public struct Listing: Sendable {
        /// The backups that can be opened, oldest first.
        public fileprivate(set) var manifests: [BackupManifest] = []
        /// One finding for each of the others; its subject is the backup's name.
        public fileprivate(set) var findings: [Finding] = []
        /// The kind of failure of the others: damage, where one of them is damaged.
        public fileprivate(set) var failureClass: FailureClass?
    }

    /// One backup.
    ///
    /// - Parameter selector: A backup's name, the beginning of one, or `latest`.
    /// - Returns: The manifest.
    /// - Throws: ``BackupError`` of class `notFound` when no backup, or more than one, is meant.
    public func manifest(_ selector: String) throws -> BackupManifest {
        let all = try repository.backups()
        guard let newest = all.last else {
            throw BackupError(
                code: "backup.none",
                summary: "The repository \(repository.location) holds no backup.",
                remedy: Remedy("Make one:", command: "wheels-db backup create --repository \(repository.location)"),
                failureClass: .notFound
            )
        }
        if selector == "latest" { return try latest(of: all.filter { $0.second == newest.second }) }
        let matches = all.filter { $0.description.hasPrefix(selector) }
        guard let match = matches.first, matches.count == 1 else {
            throw BackupError(
                code: matches.isEmpty ? "backup.not-found" : "backup.ambiguous",
                summary: matches.isEmpty
                    ? "The repository \(repository.location) holds no backup \(selector)."
                    : "\(matches.count) backups begin with \(selector).",
                remedy: Remedy("See them:", command: "wheels-db backup list --repository \(repository.location)"),
                failureClass: .notFound
            )
        }
        return try usable(match)
    }

    private func usable(_ id: BackupID) throws -> BackupManifest {
        do { return try open(id) } catch let error as any ExplainedError {
            guard error.failureClass == .corrupt, error.remedy == nil else { throw error }
            throw try unusable(id, error)
        }
    }

    /// A manifest that is damaged, with the backup that can be used instead.
    private func unusable(_ id: BackupID, _ error: any ExplainedError) throws -> BackupError {
        let other = try repository.backups().filter { $0 != id }.reversed().first { (try? open($0)) != nil }
        return BackupError(
            code: error.code,
            summary: "Backup \(id) cannot be used: \(error.summary)"
                + (other.map { " Backup \($0) can be opened; a full backup makes a new one while the database lives." }
                    ?? " No other backup can be opened."),
            remedy: other.map { Remedy("Prove that it is whole:", command: "wheels-db backup verify \($0)") }
                ?? Remedy("While the database lives, make a new one:", command: "wheels-db backup create --full"),
            failureClass: error.failureClass
        )
    }

    /// The youngest of backups that began in the same second: their names do not tell.
    private func latest(of rivals: [BackupID]) throws -> BackupManifest {
        var latest = try usable(rivals[0])
        for id in rivals.dropFirst() {
            let manifest = try usable(id)
            if manifest.snapshotAt > latest.snapshotAt { latest = manifest }
        }
        return latest
    }

    private func open(_ id: BackupID) throws -> BackupManifest {
        try ManifestCoding.decode(try access.manifest(id), name: id.description)
    }
}
