import Foundation

/// A month of UTC, such as `2026-11`.
public struct EgressMonth: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The year.
    public let year: Int
    /// The month, from 1 to 12.
    public let month: Int

    /// A month of its text.
    ///
    /// - Parameter text: Year and month, such as `2026-11`; anything else is `nil`.
    public init?(_ text: String) {
        guard let parts = text.wholeMatch(of: #/([1-9]\d{3})-(\d\d)/#), let year = Int(parts.1),
            let month = Int(parts.2), (1...12).contains(month)
        else { return nil }
        self.year = year
        self.month = month
    }

    /// The month in which a run began.
    ///
    /// - Parameter run: The run, whose name begins with its day.
    public init(of run: BackupID) {
        let digits = run.description.prefix(6)
        year = Int(digits.prefix(4)) ?? 0
        month = Int(digits.suffix(2)) ?? 0
    }

    /// Year and month, such as `2026-11`.
    public var description: String { "\(year)-\(month < 10 ? "0" : "")\(month)" }

    /// How many days it has.
    public var days: Int {
        let isLeap = year.isMultiple(of: 4) && !year.isMultiple(of: 100) || year.isMultiple(of: 400)
        return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][max(0, min(11, month - 1))]
    }

    /// Orders months by time.
    public static func < (left: EgressMonth, right: EgressMonth) -> Bool { left.index < right.index }

    /// Months since the year 0.
    var index: Int { year * 12 + month - 1 }

    /// The month of a moment.
    static func of(_ moment: Date) -> EgressMonth? { EgressMonth(String(moment.formatted(.iso8601).prefix(7))) }
}

/// The name of an entry of the ledger: `egress/<month>/<run>`.
struct EgressEntryName: Sendable, Hashable {
    static let folder = "egress/"

    let month: EgressMonth
    let run: BackupID

    init(_ run: BackupID) {
        month = EgressMonth(of: run)
        self.run = run
    }

    init?(month: String, run: String) {
        guard let run = BackupID(run), EgressMonth(of: run).description == month, let month = EgressMonth(month) else {
            return nil
        }
        self.month = month
        self.run = run
    }

    var blob: BlobName { get throws { try Layout.name("\(Self.folder)\(month)/\(run)") } }
}
