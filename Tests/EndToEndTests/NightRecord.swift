import Foundation
import Testing

/// What a test of many nights has seen so far, and what it expects of the rules.
struct NightRecord {
    /// The nights in which every row was read.
    private(set) var fullReads: [Int] = []
    /// The nights in which a drill was held.
    var drills: [Int] = []
    /// The backups that no prune has deleted.
    private(set) var kept: Set<String> = []
    /// When the others were deleted.
    private var deletedAt: [String: Date] = [:]
    /// The month of the last run, and what its runs received.
    private var month = (name: "", bytes: 0)
    /// A run failed after it had received something.
    var hasUncounted = false
    /// How many messages there were.
    var messages = 0

    /// Notes a backup that was made, and compares the sum of its month.
    mutating func add(_ night: Int, _ document: [String: Any]) throws {
        let backup = try #require(document["backup"] as? String)
        kept.insert(backup)
        let reading = try #require(document["reading"] as? [String: Any])
        if reading["comparison"] as? String == "none" { fullReads.append(night) }

        let received = try #require(document["bytes_received"] as? Int)
        let sum = try #require((document["egress"] as? [String: Any])?["month"] as? Int)
        let name = String(backup.prefix(6))
        let before = name == month.name ? month.bytes : 0
        let others = sum - before - received
        // What a run received that failed, nobody else says; it is no more than a backup's.
        #expect(hasUncounted ? others > 0 && others <= received * 2 : others == 0, "night \(night): \(document)")
        month = (name, sum)
        hasUncounted = false
    }

    /// Compares what a prune left with what the rules of Examples/wheels-db.yml keep.
    mutating func prune(at moment: Date, left: [String]) throws {
        let expected = Self.keptByRules(kept)
        #expect(left.sorted() == expected.sorted(), "\(moment)")
        for backup in kept.subtracting(left) { deletedAt[backup] = moment }
        kept = Set(left)
    }

    /// The manifests that are still in the store: a deleted backup can be brought back for seven days.
    func stored(at moment: Date) -> Set<String> {
        kept.union(deletedAt.filter { moment.timeIntervalSince($0.value) < 7 * 86_400 }.keys)
    }

    /// What `last: 3`, `daily: 14`, `weekly: 8`, `monthly: 12` and `within: 7d` keep, by the calendar and the names.
    private static func keptByRules(_ backups: Set<String>) -> Set<String> {
        let newestFirst = backups.sorted(by: >)
        var kept = Set(newestFirst.prefix(3))
        for (count, period) in [(14, day), (8, week), (12, month)] as [(Int, (String) -> String)] {
            var periods: [String] = []
            for backup in newestFirst where !periods.contains(period(backup)) {
                periods.append(period(backup))
                if periods.count <= count { kept.insert(backup) }
            }
        }
        guard let newest = newestFirst.first else { return [] }
        return kept.union(newestFirst.filter { date(newest).timeIntervalSince(date($0)) <= 7 * 86_400 })
    }

    private static func day(_ backup: String) -> String { String(backup.prefix(8)) }
    private static func month(_ backup: String) -> String { String(backup.prefix(6)) }

    private static func week(_ backup: String) -> String {
        var calendar = Calendar(identifier: .iso8601)
        calendar.timeZone = .gmt
        let parts = calendar.dateComponents([.yearForWeekOfYear, .weekOfYear], from: date(backup))
        return "\(parts.yearForWeekOfYear ?? 0) \(parts.weekOfYear ?? 0)"
    }

    private static func date(_ backup: String) -> Date {
        let style = Date.ISO8601FormatStyle(dateSeparator: .omitted, timeSeparator: .omitted)
        return (try? Date(String(backup.prefix { $0 != "-" }), strategy: style)) ?? .distantPast
    }
}
