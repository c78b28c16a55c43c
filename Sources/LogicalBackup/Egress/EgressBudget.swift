import Diagnostics

/// How much the backups of a month may receive from the server, and how much of it is spent.
public struct EgressBudget: Sendable, Hashable {
    /// Bytes that the backups of one month may receive.
    public let limit: Int
    /// Bytes that they have received in this month, before this run.
    public let spent: Int

    /// A budget.
    ///
    /// - Parameters:
    ///   - limit: Bytes for a month.
    ///   - spent: Bytes that are spent already.
    public init(limit: Int, spent: Int) {
        self.limit = limit
        self.spent = spent
    }

    /// Bytes that are left; 0 when the budget is spent.
    public var remaining: Int { max(0, limit - spent) }

    /// Stops a run before it reads rows, when what it is going to receive does not fit.
    ///
    /// - Parameters:
    ///   - estimates: Bytes to be received for each table, by its name.
    ///   - received: Bytes that the run has received already, such as for the schema.
    /// - Throws: ``BackupError`` of class `outOfSpace`, naming the tables that cost most.
    public func requireRoom(for estimates: [String: Int], received: Int = 0) throws(BackupError) {
        let expected = estimates.values.reduce(received, +)
        guard expected > remaining else { return }
        throw error(
            "This backup would receive about \(EgressText.bytes(expected)), and \(left). The most of it would be"
                + " \(Self.costliest(estimates)). No row was read, and nothing was stored."
        )
    }

    /// The error of a run that costs more than was expected.
    func exceeded(by tables: [String: Int], received: Int) -> BackupError {
        error(
            "This backup was stopped after \(EgressText.bytes(received)), because the next rows do not fit: \(left)."
                + " The most of it was \(Self.costliest(tables)). There is no new backup."
        )
    }

    private var left: String {
        "\(EgressText.bytes(remaining)) are left of this month's egress budget of \(EgressText.bytes(limit))"
    }

    private func error(_ summary: String) -> BackupError {
        BackupError(
            code: "backup.egress-budget",
            summary: summary,
            remedy: Remedy(
                "Raise --egress-budget (`egress_budget` in wheels-db.yml) if the plan has room for it, back up less often"
                    + " until the month is over, or move what need not be backed up out of these tables."
            ),
            failureClass: .outOfSpace
        )
    }

    /// The tables that cost most, with their bytes.
    static func costliest(_ tables: [String: Int]) -> String {
        let ordered = tables.filter { $0.value > 0 }.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        guard !ordered.isEmpty else { return "the schema" }
        let named = ordered.prefix(5).map { "\($0.key) (\(EgressText.bytes($0.value)))" }.joined(separator: ", ")
        return ordered.count > 5 ? "\(named) and \(ordered.count - 5) more" : named
    }
}

/// Numbers in messages about egress.
enum EgressText: Sendable {
    /// Bytes in decimal units with one digit after the point: `12 B`, `1.5 kB`, `12.3 MB`, `5 GB`.
    static func bytes(_ count: Int) -> String {
        var value = Double(count)
        var unit = 0
        let units = ["B", "kB", "MB", "GB", "TB"]
        while value >= 999.95, unit < units.count - 1 {
            value /= 1_000
            unit += 1
        }
        let tenths = Int((value * 10).rounded())
        let number = tenths.isMultiple(of: 10) ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
        return "\(number) \(units[unit])"
    }
}
