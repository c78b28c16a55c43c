public import Foundation

/// Which backups stay: how many of each kind of period, and everything of the last time.
///
/// Rules add up: a backup stays when any of them keeps it. Periods are those of UTC, weeks begin on Monday. Whatever the
/// rules say, the newest backup and the newest verified one stay.
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
    /// - Parameter backups: The backups that count: readable, not deleted, not from the future.
    /// - Returns: For each backup why it stays; a backup without a reason goes.
    public func decide(_ backups: [RetentionCandidate]) -> [BackupID: [RetentionReason]] {
        var reasons: [BackupID: [RetentionReason]] = [:]
        let newestFirst = backups.sorted { ($0.time, $0.id) > ($1.time, $1.id) }
        for backup in newestFirst { reasons[backup.id] = [] }
        func keep(_ backup: RetentionCandidate, _ reason: RetentionReason) {
            reasons[backup.id, default: []].append(reason)
        }
        guard let newest = newestFirst.first else { return reasons }

        keep(newest, .newest)
        if let stored = Self.lastStored(newestFirst), stored.id != newest.id { keep(stored, .lastStored) }
        if let verified = newestFirst.first(where: \.isVerified) { keep(verified, .newestVerified) }
        for backup in newestFirst where backup.wasBroughtBack { keep(backup, .broughtBack) }
        for (place, backup) in newestFirst.prefix(max(0, last)).enumerated() { keep(backup, .last(place + 1)) }
        for period in RetentionPeriod.allCases {
            for (place, backup) in Self.newest(of: period, newestFirst).prefix(max(0, count(of: period))).enumerated() {
                keep(backup, .newestOf(period, place + 1))
            }
        }
        if let within, within > .zero {
            let limit = newest.time.addingTimeInterval(-(within / .seconds(1)))
            for backup in newestFirst where backup.time >= limit { keep(backup, .within) }
        }
        return reasons
    }

    /// The newest backup of each period, newest first.
    private static func newest(
        of period: RetentionPeriod,
        _ newestFirst: [RetentionCandidate]
    ) -> [RetentionCandidate] {
        var seen: Set<Int> = []
        return newestFirst.filter { seen.insert(period.number(of: $0.time)).inserted }
    }

    /// The backup that the store got last.
    ///
    /// Where a clock went back, this is not the one with the latest time.
    private static func lastStored(_ backups: [RetentionCandidate]) -> RetentionCandidate? {
        var last: RetentionCandidate?
        var moment = Date.distantPast
        for backup in backups {
            guard let stored = backup.storedAt, stored > moment else { continue }
            last = backup
            moment = stored
        }
        return last
    }
}

/// A backup as far as a retention policy has to know it.
public struct RetentionCandidate: Sendable, Hashable {
    /// The backup.
    public let id: BackupID
    /// The time it holds.
    public let time: Date
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
