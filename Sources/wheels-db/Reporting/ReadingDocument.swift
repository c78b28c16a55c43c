import LogicalBackup

/// How much a backup had to read, for scripts and for people.
struct ReadingDocument: Encodable {
    private let comparison: String
    private let comparedWith: String?
    private let comparedWithUnfinished: Bool?
    private let reason: String?
    private let tablesUnchanged: Int
    private let tablesReadInPart: Int
    private let tablesReadInFull: Int
    private let pagesRead: Int
    private let pagesKept: Int

    enum CodingKeys: String, CodingKey {
        case comparison, reason
        case comparedWith = "compared_with"
        case comparedWithUnfinished = "compared_with_unfinished"
        case tablesUnchanged = "tables_unchanged"
        case tablesReadInPart = "tables_read_in_part"
        case tablesReadInFull = "tables_read_in_full"
        case pagesRead = "pages_read"
        case pagesKept = "pages_kept"
    }

    init(_ summary: ReadingSummary) {
        comparison = summary.comparison.rawValue
        comparedWith = summary.comparedWith
        comparedWithUnfinished = summary.comparedWithUnfinished
        reason = summary.reason
        tablesUnchanged = summary.tablesUnchanged
        tablesReadInPart = summary.tablesReadInPart
        tablesReadInFull = summary.tablesReadInFull
        pagesRead = summary.pagesRead
        pagesKept = summary.pagesKept
    }

    /// One or two lines.
    var text: String {
        let why = reason.map { "\n\($0)" } ?? ""
        guard let comparedWith else { return "Everything was read.\(why)" }
        let earlier = comparedWithUnfinished == true ? "run" : "backup"
        guard pagesRead > 0 else {
            return "Nothing had to be read: all rows are as \(earlier) \(comparedWith) has them.\(why)"
        }
        let tables = tablesReadInPart + tablesReadInFull
        let pages = HumanUnits.count(Int64(pagesRead))
        let all = HumanUnits.count(Int64(pagesRead + pagesKept))
        return "Read: \(pages) of \(all) pages, in \(tables) of \(tables + tablesUnchanged) tables;"
            + " the rest is as \(earlier) \(comparedWith) has it.\(why)"
    }
}
