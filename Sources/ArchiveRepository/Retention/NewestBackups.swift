import Foundation

/// The newest backups by every order that there is.
///
/// No single order can be trusted: the time in a manifest is that of a machine whose clock may have been wrong, the name has
/// the store's clock, which on a folder is the same one, and the time of a file changes with every copy. What a manifest
/// names as the backup before it, no clock has a say in. Where the orders agree there is one newest backup; where they do
/// not, each has its own, and all of them stay.
struct NewestBackups {
    private let backups: [RetentionCandidate]
    private let predecessors: [BackupID: BackupID]

    /// Of some backups.
    ///
    /// - Parameters:
    ///   - backups: The backups.
    ///   - predecessors: The backup before each, also of backups that do not count themselves.
    init(_ backups: [RetentionCandidate], predecessors: [BackupID: BackupID]) {
        self.backups = backups
        self.predecessors = predecessors
    }

    /// The newest backups, each with the first order that says so.
    var reasons: [(backup: RetentionCandidate, reason: RetentionReason)] {
        var found: [(backup: RetentionCandidate, reason: RetentionReason)] = []
        func add(_ backup: RetentionCandidate?, _ reason: RetentionReason) {
            guard let backup, !found.contains(where: { $0.backup.id == backup.id }) else { return }
            found.append((backup, reason))
        }
        add(backups.max { ($0.time, $0.id) < ($1.time, $1.id) }, .newest)
        // Names of one second differ by what is random in them.
        add(backups.max { ($0.id.second, $0.time) < ($1.id.second, $1.time) }, .lastNamed)
        for backup in lastOfChain { add(backup, .lastOfChain) }
        add(lastStored, .lastStored)
        return found
    }

    /// The one that the store got last, by its own clock.
    private var lastStored: RetentionCandidate? {
        backups.filter { $0.storedAt != nil }
            .max { ($0.storedAt ?? .distantPast, $0.time, $0.id) < ($1.storedAt ?? .distantPast, $1.time, $1.id) }
    }

    /// The last ones by what each names as the one before it.
    ///
    /// A run names the last backup by name that it finds. So the greatest name among a backup and those before it never
    /// falls from one backup to the next, whatever the clocks did; where it is the same, those that nobody follows are last.
    private var lastOfChain: [RetentionCandidate] {
        var greatest: [BackupID: BackupID] = [:]
        for backup in backups { learn(backup.id, &greatest) }
        let last = backups.compactMap { greatest[$0.id] }.max()
        let rivals = backups.filter { greatest[$0.id] == last }
        var followed: Set<BackupID> = []
        for rival in rivals {
            var name = predecessors[rival.id]
            while let one = name, followed.insert(one).inserted { name = predecessors[one] }
        }
        return rivals.filter { !followed.contains($0.id) }.sorted { $0.id > $1.id }
    }

    /// Finds the greatest name among a backup and those before it, for each of them.
    private func learn(_ backup: BackupID, _ greatest: inout [BackupID: BackupID]) {
        var path: [BackupID] = []
        var seen: Set<BackupID> = []
        var next: BackupID? = backup
        while let name = next, greatest[name] == nil, seen.insert(name).inserted {
            path.append(name)
            next = predecessors[name]
        }
        var most = next.flatMap { greatest[$0] }
        for name in path.reversed() {
            let own = most.map { max($0, name) } ?? name
            greatest[name] = own
            most = own
        }
    }
}
