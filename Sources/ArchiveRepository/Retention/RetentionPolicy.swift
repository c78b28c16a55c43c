public import Foundation

/// Which backups stay: how many of each kind of period, and everything of the last time.
///
/// Rules add up: a backup stays when any of them keeps it. Periods are those of UTC, weeks begin on Monday. Whatever the
/// rules say, the newest backup and the newest verified one stay, by every order that there is: see `NewestBackups`.
/// Where a backup's two clocks differ, that of its manifest and that of its name, it stays when either of them keeps it.
public struct RetentionPolicy: Sendable, Hashable, Codable {
    /// How many of the newest backups stay.
    public var last = 0
    /// For how many hours that have a backup the newest one of the hour stays.
    public var hourly = 0
    /// For how many days that have a backup the newest one of the day stays.
    public var daily = 0
    /// For how many weeks that have a backup the newest one of the week stays.
    public var weekly = 0
    /// For how many months that have a backup the newest one of the month stays.
    public var monthly = 0
    /// For how many years that have a backup the newest one of the year stays.
    public var yearly = 0
    /// Everything this close to the newest backup stays; time that passes without a backup removes nothing.
    public var within: Duration?

    /// A policy without any rule.
    public init() {}

    /// Whether no rule keeps anything: nobody means that.
    public var isEmpty: Bool {
        [last, hourly, daily, weekly, monthly, yearly].allSatisfy { $0 <= 0 } && (within ?? .zero) <= .zero
    }

    /// How many periods of a kind are kept.
    ///
    /// - Parameter period: The kind.
    /// - Returns: The number; 0 when there is no such rule.
    public func count(of period: RetentionPeriod) -> Int {
        switch period {
        case .hour: hourly
        case .day: daily
        case .week: weekly
        case .month: monthly
        case .year: yearly
        }
    }

    /// Decides about backups.
    ///
    /// The order of the backups does not matter, and deciding again about those that stay removes none of them.
    ///
    /// - Parameters:
    ///   - backups: The backups that count: readable, not deleted, not from the future.
    ///   - predecessors: The backup before each, as its manifest says, also of backups that do not count.
    /// - Returns: For each backup why it stays; a backup without a reason goes.
    public func decide(
        _ backups: [RetentionCandidate],
        predecessors: [BackupID: BackupID] = [:]
    ) -> [BackupID: [RetentionReason]] {
        var reasons: [BackupID: [RetentionReason]] = [:]
        for backup in backups { reasons[backup.id] = [] }
        func keep(_ backup: RetentionCandidate, _ reason: RetentionReason) {
            guard reasons[backup.id]?.contains(reason) != true else { return }
            reasons[backup.id, default: []].append(reason)
        }
        for (backup, reason) in NewestBackups(backups, predecessors: predecessors).reasons { keep(backup, reason) }
        let verified = NewestBackups(backups.filter(\.isVerified), predecessors: predecessors)
        for (backup, reason) in verified.reasons { keep(backup, reason == .lastStored ? reason : .newestVerified) }
        for backup in backups where backup.wasBroughtBack { keep(backup, .broughtBack) }
        for clock in [\RetentionCandidate.time, \.timeOfName] { applyRules(backups, by: clock, keep) }
        return reasons
    }

    /// Keeps what the rules keep, by one of the two clocks.
    private func applyRules(
        _ backups: [RetentionCandidate],
        by clock: KeyPath<RetentionCandidate, Date>,
        _ keep: (RetentionCandidate, RetentionReason) -> Void
    ) {
        let newestFirst = backups.sorted { ($0[keyPath: clock], $0.id) > ($1[keyPath: clock], $1.id) }
        for (place, backup) in newestFirst.prefix(max(0, last)).enumerated() { keep(backup, .last(place + 1)) }
        for period in RetentionPeriod.allCases {
            var seen: Set<Int> = []
            let newest = newestFirst.filter { seen.insert(period.number(of: $0[keyPath: clock])).inserted }
            for (place, backup) in newest.prefix(max(0, count(of: period))).enumerated() {
                keep(backup, .newestOf(period, place + 1))
            }
        }
        if let within, within > .zero, let newest = newestFirst.first {
            let limit = newest[keyPath: clock].addingTimeInterval(-(within / .seconds(1)))
            for backup in newestFirst where backup[keyPath: clock] >= limit { keep(backup, .within) }
        }
    }
}

/// A backup as far as a retention policy has to know it.
public struct RetentionCandidate: Sendable, Hashable {
    /// The backup.
    public let id: BackupID
    /// The time it holds.
    public let time: Date
    /// The time in its name, by the store's clock, where that is far from ``time``; else the same as that.
    public var timeOfName: Date {
        guard let named = id.time, abs(named.timeIntervalSince(time)) > Self.clockTolerance else { return time }
        return named
    }

    /// The clocks of two machines may differ by this much, and a run may wait this long for its snapshot.
    static let clockTolerance: TimeInterval = 3_600
    /// When the store got its manifest, by the store's clock.
    public let storedAt: Date?
    /// It was verified to its last object.
    public let isVerified: Bool
    /// It was deleted and brought back a short time ago.
    public let wasBroughtBack: Bool

    /// A backup as far as a retention policy has to know it.
    ///
    /// - Parameters:
    ///   - id: The backup.
    ///   - time: The time it holds.
    ///   - storedAt: When the store got its manifest, by the store's clock.
    ///   - isVerified: It was verified to its last object.
    ///   - wasBroughtBack: It was deleted and brought back a short time ago.
    public init(id: BackupID, time: Date, storedAt: Date? = nil, isVerified: Bool = false, wasBroughtBack: Bool = false)
    {
        self.id = id
        self.time = time
        self.storedAt = storedAt
        self.isVerified = isVerified
        self.wasBroughtBack = wasBroughtBack
    }
}
