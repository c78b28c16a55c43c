public import Diagnostics
public import Foundation

/// What a prune is going to do, and why: made from one look at a repository, without touching it.
public struct PrunePlan: Sendable {
    /// What becomes of one backup.
    public enum Fate: Sendable, Hashable {
        /// It stays.
        case stays([RetentionReason])
        /// It is deleted now, and can be brought back during the grace time.
        case goes
        /// It was deleted at some time and stays until the grace time is over.
        case waits(since: Date, until: Date)
        /// The grace time is over: it is removed now.
        case removed(since: Date)
        /// It was deleted, and is kept for a reason all the same.
        case held(String)
        /// It neither counts nor is removed: why.
        case aside(String)
    }

    /// One backup and its fate.
    public struct Backup: Sendable, Hashable {
        /// The backup.
        public let id: BackupID
        /// The moment it brings back; `nil` when its manifest cannot be read.
        public let time: Date?
        /// What becomes of it.
        public let fate: Fate
    }

    /// An object to be removed.
    public struct Object: Sendable, Hashable {
        /// The object.
        public let name: BlobName
        /// Its length.
        public let bytes: Int
    }

    /// All backups, the newest first; those without a readable manifest at the end.
    public internal(set) var backups: [Backup] = []
    /// The rules.
    public let policy: RetentionPolicy
    /// The time between deleting and removing.
    public let grace: Duration
    /// Backups to be marked as deleted, oldest first.
    public internal(set) var deletions: [BackupID] = []
    /// Manifests to be removed, oldest first.
    public internal(set) var manifests: [BackupID] = []
    /// Objects of rows and schemas that no manifest will name.
    public internal(set) var objects: [Object] = []
    /// Data keys that will open nothing.
    public internal(set) var runKeys: [BackupID] = []
    /// Marks that will say nothing.
    var marks: [MarkName] = []
    /// Entries of the ledger of egress that are too old.
    var egress: [EgressEntryName] = []
    /// Records of drills that are too old.
    var drills: [DrillName] = []
    /// What unfinished runs left, when the grace time is over: their objects are gone then, or about to go.
    var unfinished: [BackupID] = []
    /// What a person should look at.
    public internal(set) var findings: [Finding] = []
    /// Why nothing is removed; `nil` when nothing stands against it.
    public internal(set) var obstacle: FailureClass?

    /// The bytes that will be free.
    public var freedBytes: Int { objects.reduce(0) { $0 + $1.bytes } }

    /// The clock of a machine may be this much ahead of the store's, in seconds.
    public static let clockTolerance: TimeInterval = RetentionCandidate.clockTolerance

    /// Plans a prune.
    ///
    /// - Parameters:
    ///   - state: What is in the repository.
    ///   - policy: Which backups stay; an empty one deletes none.
    ///   - grace: The time between deleting and removing.
    ///   - chosen: Backups that are to be deleted whatever the policy says.
    /// - Throws: ``RepositoryError`` of class `notFound` or `refused` when a chosen one cannot be deleted.
    init(
        _ state: PruneState,
        policy: RetentionPolicy,
        grace: Duration,
        chosen: Set<BackupID> = []
    ) throws(RepositoryError) {
        self.policy = policy
        self.grace = grace
        findings = state.marks.findings
        var fates: [BackupID: Fate] = [:]
        try decideFates(state, chosen: chosen, &fates)
        backups = state.backups.map { Backup(id: $0.id, time: $0.entry?.time, fate: fates[$0.id] ?? .aside("unknown")) }
            .sorted { ($0.time ?? .distantPast, $0.id) > ($1.time ?? .distantPast, $1.id) }
        for backup in backups.reversed() {
            switch backup.fate {
            case .goes: deletions.append(backup.id)
            case .removed: manifests.append(backup.id)
            default: continue
            }
        }
        planRemoval(state)
        egress = EgressLedger.outdated(state.egress, now: state.now)
        drills = DrillLog.outdated(state.drills, now: state.now)
        unfinished = state.unfinished.filter { isPastGrace($0.entry.modified, state) }.map(\.run).sorted()
    }

    /// How long ago something was, as far as the grace time goes; what has no time counts as new.
    private func isPastGrace(_ moment: Date?, _ state: PruneState) -> Bool {
        guard let moment else { return false }
        return state.now.timeIntervalSince(moment) >= grace / .seconds(1)
    }
}

// MARK: - Which backups

extension PrunePlan {
    private mutating func decideFates(
        _ state: PruneState,
        chosen: Set<BackupID>,
        _ fates: inout [BackupID: Fate]
    ) throws(RepositoryError) {
        var candidates: [RetentionCandidate] = []
        for backup in state.backups where !state.marks.isDeleted(backup.id) {
            guard let entry = backup.entry else {
                fates[backup.id] = chosen.contains(backup.id) ? .goes : .aside("its manifest cannot be read")
                continue
            }
            if max(entry.time, entry.id.time ?? entry.time).timeIntervalSince(state.now) > Self.clockTolerance {
                fates[backup.id] = chosen.contains(backup.id) ? .goes : .aside("it comes from the future")
                if !chosen.contains(backup.id) { findings.append(.fromTheFuture(entry, now: state.now)) }
                continue
            }
            candidates.append(candidate(entry, backup, state))
        }
        let predecessors = state.predecessors
        let reasons = policy.decide(candidates, predecessors: predecessors)
        findings += [.ordersDisagree(reasons)].compactMap(\.self)
        for candidate in candidates {
            let own = reasons[candidate.id] ?? []
            if chosen.contains(candidate.id) {
                if let guardian = own.first(where: \.isAbsolute) {
                    throw .neverRemoved(candidate.id, guardian.text(under: policy))
                }
                fates[candidate.id] = .goes
            } else if own.isEmpty, !policy.isEmpty {
                fates[candidate.id] = .goes
            } else {
                fates[candidate.id] = .stays(own)
            }
        }
        decideDeleted(state, hasLivingVerified: candidates.contains(where: \.isVerified), candidates.isEmpty, &fates)
        for id in chosen.sorted() where fates[id] == nil {
            throw RepositoryError(
                code: "backup.not-found",
                summary: "There is no backup \(id) to delete.",
                remedy: Remedy("See them:", command: "wheels-db backup list"),
                failureClass: .notFound
            )
        }
    }

    private func candidate(
        _ entry: BackupEntry,
        _ backup: PruneState.Backup,
        _ state: PruneState
    ) -> RetentionCandidate {
        let marks = state.marks.marks[entry.id]
        let isBack = marks?.broughtBackAt.map { !isPastGrace($0, state) } ?? false
        return RetentionCandidate(
            id: entry.id,
            time: entry.time,
            storedAt: backup.storedAt,
            isVerified: marks?.verifiedAt != nil,
            wasBroughtBack: isBack
        )
    }

    /// The deleted ones: they wait, they are removed, or they are the last hope.
    private func decideDeleted(
        _ state: PruneState,
        hasLivingVerified: Bool,
        _ isNoneLeft: Bool,
        _ fates: inout [BackupID: Fate]
    ) {
        let deleted = state.backups.filter { state.marks.isDeleted($0.id) }
        let readable = deleted.compactMap { backup in backup.entry.map { candidate($0, backup, state) } }
        func newest(_ backups: [RetentionCandidate]) -> Set<BackupID> {
            Set(NewestBackups(backups, predecessors: state.predecessors).reasons.map(\.backup.id))
        }
        let lastHope = isNoneLeft ? newest(readable) : []
        let lastVerified = hasLivingVerified ? [] : newest(readable.filter(\.isVerified))
        for backup in deleted {
            guard let since = state.marks.marks[backup.id]?.deletedAt else { continue }
            if lastVerified.contains(backup.id) {
                fates[backup.id] = .held("deleted, and the newest verified backup")
            } else if lastHope.contains(backup.id) {
                fates[backup.id] = .held("deleted, and the newest backup that can be read")
            } else if isPastGrace(since, state) {
                fates[backup.id] = .removed(since: since)
            } else {
                fates[backup.id] = .waits(since: since, until: since.addingTimeInterval(grace / .seconds(1)))
            }
        }
    }
}

// MARK: - What can be removed

extension PrunePlan {
    private mutating func planRemoval(_ state: PruneState) {
        let leaving = Set(manifests)
        let remaining = state.backups.filter { !leaving.contains($0.id) }
        let unreadable = remaining.filter { $0.entry == nil }
        guard unreadable.isEmpty else {
            for backup in unreadable { report(backup) }
            manifests = []
            backups = backups.map { backup in
                guard case .removed(let since) = backup.fate else { return backup }
                return Backup(id: backup.id, time: backup.time, fate: .waits(since: since, until: state.now))
            }
            return
        }
        let entries = remaining.compactMap(\.entry)
        let needed = Set(entries.flatMap(\.objects).map(\.name))
        let neededRuns = Set(entries.flatMap(\.objects).map(\.run) + entries.map(\.id))
        let unneeded = state.objects.filter { !needed.contains($0.name) }
        objects = unneeded.filter { isPastGrace($0.modified, state) }.map { Object(name: $0.name, bytes: $0.size) }
        // An object that stays for its youth may be used by the next backup, which then needs the key that opens it.
        if objects.count == unneeded.count {
            runKeys = state.runKeys.filter { !neededRuns.contains($0.key) && isPastGrace($0.value.modified, state) }
                .keys.sorted()
        }
        planMarks(state, remaining: Set(remaining.map(\.id)), predecessors: Set(entries.compactMap(\.predecessor)))
    }

    /// Marks of backups that are gone; that one was deleted is remembered until no manifest names it.
    private mutating func planMarks(_ state: PruneState, remaining: Set<BackupID>, predecessors: Set<BackupID>) {
        for (backup, marks) in state.marks.marks.sorted(by: { $0.key < $1.key }) where !remaining.contains(backup) {
            self.marks += marks.names.filter { name in
                let remembers = predecessors.contains(backup) && marks.isDeleted && name.order == marks.deleted?.number
                return !(name.kind == .deleted && remembers)
            }
        }
    }

    private mutating func report(_ backup: PruneState.Backup) {
        guard case .unreadable(let failure, let summary) = backup.content else { return }
        if obstacle != .corrupt { obstacle = failure }
        findings.append(
            Finding(
                code: "prune.unreadable-manifest",
                severity: .error,
                subject: backup.id.description,
                message: "\(summary) What backup \(backup.id) needs is not known, so nothing is removed.",
                remedy: failure == .wrongKey
                    ? Remedy("Give the identity, which opens every key of the repository: --identity FILE.")
                    : Remedy(
                        "If the backup is lost, delete it by name; after the grace time it stands in nobody's way:",
                        command: "wheels-db backup prune --delete \(backup.id)")
            ))
    }
}
