import Diagnostics
import SQLText

extension PoolCheck {
    /// Idle transactions and the chains behind whoever blocks.
    func transactionFindings(_ snapshot: ConnectionSnapshot) -> [Finding] {
        let chains = BlockedChain.chains(in: snapshot.sessions)
        let told = chains.filter { $0.longestWait >= thresholds.blocked / .seconds(1) }
        let roots = Set(told.map(\.rootPID))
        let limit = thresholds.idleInTransaction / .seconds(1)
        let idle = snapshot.sessions
            .filter { $0.isIdleInTransaction && ($0.stateAge ?? 0) >= limit && !roots.contains($0.pid) }
            .sorted { ($0.stateAge ?? 0) > ($1.stateAge ?? 0) }
        return told.map(finding) + idle.map(finding)
    }

    private func finding(_ chain: BlockedChain) -> Finding {
        let waiting = chain.waiters.count == 1 ? "1 session waits" : "\(chain.waiters.count) sessions wait"
        let root =
            chain.root.map { "\($0.description)\(Self.holding($0))" }
            ?? (chain.rootPID == 0 ? "a prepared transaction" : "process \(chain.rootPID), gone by now")
        var message = "\(waiting) for \(root), the longest for \(AgeText.words(chain.longestWait))."
        if let queued = chain.waiters.first, let query = queued.session.query, chain.waiters.count > 1 {
            message += " First in the queue: process \(queued.session.pid), \(query)"
        }
        return Finding(
            code: "pool.blocked", severity: .error, subject: chain.root.map { "process \($0.pid)" }, message: message,
            remedy: chain.root.map(Self.ending) ?? Remedy("See which one:", command: "select * from pg_prepared_xacts"))
    }

    private func finding(_ session: ServerSession) -> Finding {
        let age = AgeText.words(session.stateAge ?? 0)
        let horizon = session.horizonAge.map { $0 > 0 ? " Vacuum keeps the rows of \($0) transactions for it." : "" }
        return Finding(
            code: "pool.idle-in-transaction", severity: .warning, subject: "process \(session.pid)",
            message: "\(session.description) has done nothing for \(age) in an open transaction"
                + "\(Self.holding(session)).\(horizon ?? "")",
            remedy: Self.ending(session))
    }

    private static func holding(_ session: ServerSession) -> String {
        guard !session.locks.isEmpty else { return "" }
        let more = session.locks.count > 3 ? " and \(session.locks.count - 3) more" : ""
        return ", holding \(session.locks.prefix(3).joined(separator: ", "))\(more)"
    }

    private static func ending(_ session: ServerSession) -> Remedy {
        let cancels = session.state == "active"
        return Remedy(
            cancels ? "If it may be stopped:" : "If nobody needs it:",
            command: "select pg_catalog.\(cancels ? "pg_cancel_backend" : "pg_terminate_backend")(\(session.pid))")
    }

    /// Connections that have done nothing for long: a pool that is larger than needed, or a leak.
    func idleFindings(_ snapshot: ConnectionSnapshot) -> [Finding] {
        let limit = thresholds.idle / .seconds(1)
        let idle = snapshot.holders.filter {
            $0.state == "idle" && ($0.stateAge ?? 0) >= limit && !PlatformConsumer.roles.contains($0.role ?? "")
        }
        let groups = Dictionary(grouping: idle) {
            [$0.role ?? "?", $0.application].compactMap(\.self).joined(separator: " ")
        }
        return groups.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }.map { name, sessions in
            let oldest = AgeText.words(sessions.compactMap(\.stateAge).max() ?? 0)
            let count = sessions.count == 1 ? "1 connection" : "\(sessions.count) connections"
            return Finding(
                code: "pool.idle", severity: .note, subject: name,
                message: "\(count) of \(name) did nothing for more than \(AgeText.words(limit)), one for \(oldest).",
                remedy: Remedy("Make the pool smaller, or let it close idle connections."))
        }
    }

    /// Roles whose forgotten transactions nothing ends.
    func guardFindings(_ snapshot: ConnectionSnapshot) -> [Finding] {
        guard let server = snapshot.idleInTransactionTimeout, server == 0 else { return [] }
        let live = Set(snapshot.holders.compactMap(\.role))
        let unguarded = snapshot.roles.filter { role in
            live.contains(role.name) && !role.isSuperuser && !PlatformConsumer.roles.contains(role.name)
                && ["", "0"].contains(role.idleInTransactionTimeout ?? "")
        }
        guard let first = unguarded.first else { return [] }
        return [
            Finding(
                code: "pool.no-guard", severity: .note,
                message: "Nothing ends a forgotten transaction of \(unguarded.map(\.name).joined(separator: ", ")):"
                    + " idle_in_transaction_session_timeout is off.",
                remedy: Remedy(
                    "Set it for each role:",
                    command: "alter role \(SQLQuoting.identifier(first.name))"
                        + " set idle_in_transaction_session_timeout = '60s'"))
        ]
    }
}

/// Ages as people read them.
public enum AgeText: Sendable {
    /// An age: `12 s`, `3 min`, `2 h 5 min`, `3 d`.
    ///
    /// - Parameter seconds: The age.
    /// - Returns: The words.
    public static func words(_ seconds: Double) -> String {
        let whole = Int(max(0, seconds.isFinite ? seconds : 0).rounded())
        switch whole {
        case ..<60: return "\(whole) s"
        case ..<3_600: return "\(whole / 60) min"
        case ..<172_800: return "\(whole / 3_600) h\(whole % 3_600 >= 60 ? " \(whole % 3_600 / 60) min" : "")"
        default: return "\(whole / 86_400) d"
        }
    }
}
