public import Diagnostics

/// The result of a check as one line, as monitoring plugins print it.
public struct NagiosLine: Sendable, Hashable {
    /// The states of monitoring plugins, with their exit codes.
    public enum Status: Int32, Sendable, CaseIterable {
        case ok = 0
        case warning = 1
        case critical = 2
        case unknown = 3

        /// The word in the line.
        public var word: String { String(describing: self).uppercased() }
    }

    /// The state.
    public let status: Status
    /// The line, without its end.
    public let text: String

    /// The line of a check.
    ///
    /// - Parameters:
    ///   - check: The check.
    ///   - last: The last snapshot, for a server that lets nobody in.
    public init(_ check: PoolCheck, last: ConnectionSnapshot? = nil) {
        let findings = check.findings
        let worst = findings.map(\.severity).max() ?? .note
        status = check.observation.isFull || worst == .error ? .critical : worst == .warning ? .warning : .ok
        var said: [String] = []
        if let snapshot = check.observation.snapshot {
            said.append("\(snapshot.free) of \(snapshot.limit) slots free")
        } else if let last {
            said.append("last seen: \(last.used) of \(last.limit) taken, by \(PoolCheck.holders(of: last))")
        }
        said += findings.filter { $0.severity > .note }.map(\.message)
        let data = check.observation.snapshot.map { " | " + Self.data($0, check) } ?? ""
        text = "POOL \(status.word) - \(Self.clean(said.joined(separator: "; ")))\(data)"
    }

    /// The line of a check that could not look.
    ///
    /// - Parameter error: Why not.
    public init(_ error: any ExplainedError) {
        let isGone = [.unreachable, .noConnectionSlot].contains(error.failureClass)
        status = isGone ? .critical : .unknown
        text = "POOL \(status.word) - \(Self.clean(error.summary))"
    }

    /// Performance data: value;warn;crit;min;max.
    private static func data(_ snapshot: ConnectionSnapshot, _ check: PoolCheck) -> String {
        let warn = Int((check.thresholds.share * Double(snapshot.limit)).rounded(.down))
        let idle = snapshot.holders.count(where: \.isIdleInTransaction)
        let blocked = snapshot.sessions.count { !$0.blockedBy.isEmpty }
        var parts = [
            "used=\(snapshot.used);\(warn);\(snapshot.limit - 1);0;\(snapshot.limit)",
            "free=\(snapshot.free);\(snapshot.limit - warn):;1:;0;\(snapshot.limit)",
            "idle_in_transaction=\(idle);;;0", "blocked=\(blocked);;;0",
        ]
        if let pooler = check.observation.pooler {
            parts.append("waiting_clients=\(pooler.pools.reduce(0) { $0 + $1.waitingClients });;;0")
            parts.append("max_wait=\(Int((pooler.pools.map(\.longestWait).max() ?? 0).rounded()))s;;;0")
        }
        return parts.joined(separator: " ")
    }

    /// One line without the sign that begins the performance data.
    private static func clean(_ text: String) -> String {
        String(text.map { $0 == "|" ? "/" : $0.isNewline ? " " : $0 })
    }
}
