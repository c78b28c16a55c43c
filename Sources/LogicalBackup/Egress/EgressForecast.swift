public import ArchiveRepository
public import Diagnostics

/// What the backups of a month have cost, and what they will have cost at its end.
public struct EgressForecast: Sendable, Hashable {
    /// The month.
    public let month: EgressMonth
    /// Bytes received in the month so far.
    public let bytes: Int
    /// Bytes received at the month's end, when its days go on as they went.
    public let forecast: Int
    /// Bytes that the plan allows in a month; `nil` when no plan is known.
    public let plan: Int?
    /// How many days of the month the forecast is made from, today among them.
    private let days: Int

    /// A forecast.
    ///
    /// The rate is that of the days since the first run of the month, today among them.
    ///
    /// - Parameters:
    ///   - totals: What the ledger says of the month.
    ///   - source: The server whose bytes count, and all that belong to the same plan.
    ///   - run: The run whose day is today.
    ///   - plan: Bytes that the plan allows in a month.
    public init(totals: EgressTotals, source: String, run: BackupID, plan: Int?) {
        month = totals.month
        bytes = totals.bytes(beside: source)
        self.plan = plan
        let today = Int(run.description.prefix(8).suffix(2)) ?? 1
        days = max(1, today - (totals.firstDay ?? today) + 1)
        forecast = bytes + bytes / days * max(0, month.days - today)
    }

    /// One line for the end of a run.
    public var sentence: String {
        let end = "by the \(Self.ordinal(month.days)) at this rate"
        let begin = "Egress of backups this month: \(EgressText.bytes(bytes))"
        guard let plan, plan > 0 else { return "\(begin); \(EgressText.bytes(forecast)) \(end)." }
        return "\(begin), \(Self.percent(bytes, plan)) of \(EgressText.bytes(plan));"
            + " \(Self.percent(forecast, plan)) \(end)."
    }

    /// What a person should know; nothing while the month fits into the plan.
    ///
    /// The first two days of a month say little: a first backup reads everything, the next ones do not.
    public var finding: Finding? {
        guard let plan, plan > 0, forecast > plan, days > 2 || bytes > plan else { return nil }
        return Finding(
            code: "egress.over-plan",
            severity: .warning,
            subject: "egress",
            message: "At this rate the month's backups will have received \(EgressText.bytes(forecast)) by the"
                + " \(Self.ordinal(month.days)), more than the \(EgressText.bytes(plan)) of the plan, which are for the app too.",
            remedy: Remedy(
                "Back up less often until the month is over, or set egress_budget in wheels-db.yml, so that backups stop"
                    + " before the app has to.")
        )
    }

    private static func percent(_ part: Int, _ whole: Int) -> String {
        let tenths = Int((Double(part) / Double(whole) * 1_000).rounded())
        return tenths < 100 && tenths % 10 != 0 ? "\(tenths / 10).\(tenths % 10) %" : "\((tenths + 5) / 10) %"
    }

    private static func ordinal(_ day: Int) -> String {
        let ending = [1: "st", 21: "st", 31: "st", 2: "nd", 22: "nd", 3: "rd", 23: "rd"][day] ?? "th"
        return "\(day)\(ending)"
    }
}
