public import Foundation

/// How much of a database a backup had to read, and why.
public struct ReadingSummary: Sendable, Hashable, Codable {
    /// How a backup finds what has changed.
    public enum Comparison: String, Sendable, Codable {
        /// It does not: everything is read.
        case none
        /// By places and transactions of rows: the server is the one of the earlier backup.
        case identity
        /// By contents, computed by the server, because it may be another one.
        case contents
    }

    /// How it was found what has changed.
    public var comparison = Comparison.none
    /// The backup that was compared with.
    public var comparedWith: String?
    /// Whether that was no backup, but a run that ended early; missing when it was one.
    public var comparedWithUnfinished: Bool?
    /// Why everything was read, or contents were compared, for people.
    public var reason: String?
    /// When everything was read last, by this backup or an earlier one.
    public var lastReadInFull: Date?
    /// Tables of which nothing had to be read.
    public var tablesUnchanged = 0
    /// Tables of which some pages were read.
    public var tablesReadInPart = 0
    /// Tables that were read as a whole.
    public var tablesReadInFull = 0
    /// Pages of 8 KiB that were read; those of TOAST are not counted.
    public var pagesRead = 0
    /// Pages that were as an earlier backup has them.
    public var pagesKept = 0

    /// Counts a table.
    mutating func add(_ plan: TablePlan) {
        let pages = plan.ranges.count * RangeDigests.pages
        pagesRead += pages
        pagesKept += plan.digests.count * RangeDigests.pages - pages
        if plan.ranges.isEmpty {
            tablesUnchanged += 1
        } else if plan.kept.isEmpty {
            tablesReadInFull += 1
        } else {
            tablesReadInPart += 1
        }
    }
}
