import PoolChecks

/// A look at the connections as people read it.
struct PoolCheckText: Sendable {
    let check: PoolCheck
    let last: ConnectionSnapshot?
    let now: Double

    init(_ check: PoolCheck, last: ConnectionSnapshot?, now: Double) {
        self.check = check
        self.last = last
        self.now = now
    }

    /// Slots, holders, chains and the pooler.
    var text: String {
        let observation = check.observation
        var parts: [String] = []
        if let snapshot = observation.snapshot {
            parts.append(slots(snapshot) + passage)
            if !snapshot.groups.isEmpty { parts.append(groups(snapshot)) }
            let chains = BlockedChain.chains(in: snapshot.sessions)
            if !chains.isEmpty { parts.append(chains.map(Self.chain).joined()) }
            if let budget = check.budget { parts.append(services(budget, snapshot)) }
        } else {
            parts.append("Nobody is let in. Tried in vain:\n" + attempts)
            if let last {
                let age = AgeText.words(now - last.takenAt)
                parts.append("Last seen \(age) ago: \(slots(last))\n" + groups(last))
            } else {
                parts.append("No earlier look is kept here; each look that succeeds is remembered for this.\n")
            }
        }
        if let pooler = observation.pooler { parts.append(Self.pooler(pooler)) }
        return parts.joined(separator: "\n")
    }

    private func slots(_ snapshot: ConnectionSnapshot) -> String {
        let kept = snapshot.superuserReserved + snapshot.reserved
        return "\(snapshot.used) of \(snapshot.limit) slots taken, \(snapshot.free) free"
            + " (max_connections \(snapshot.maxConnections), \(kept) reserved)\n"
    }

    private var passage: String {
        switch check.observation.passage {
        case .connection: ""
        case .admin: "Seen through --admin-url.\n"
        case .directHost: "Seen through the project's direct host, beside its pooler.\n"
        case .replication: "Seen through a replication connection, which needs none of these slots.\n"
        }
    }

    private var attempts: String {
        check.observation.attempts.map { "  \(PoolCheckDocument.name(of: $0.passage)): \($0.reason)\n" }.joined()
    }

    private func groups(_ snapshot: ConnectionSnapshot) -> String {
        var table = TextTable(
            .text("role"), .text("application"), .text("client"), .text("state"), .number("count"),
            .number("longest so"))
        for group in snapshot.groups {
            table.add(
                group.key.role, group.key.application, group.key.address, group.key.state, String(group.count),
                group.oldestState.map(AgeText.words) ?? "")
        }
        return table.text
    }

    private static func chain(_ chain: BlockedChain) -> String {
        let root =
            chain.root?.description ?? (chain.rootPID == 0 ? "a prepared transaction" : "process \(chain.rootPID)")
        let holding = (chain.root?.locks.prefix(3)).map { $0.isEmpty ? "" : ", holding \($0.joined(separator: ", "))" }
        let lines = chain.waiters.map { waiter in
            let indent = String(repeating: "  ", count: waiter.depth)
            let wait = waiter.session.stateAge.map { ", for \(AgeText.words($0))" } ?? ""
            return "\(indent)waits: \(waiter.session.description)\(wait): \(waiter.session.query ?? "?")\n"
        }
        return "blocks: \(root)\(holding ?? "")\n" + lines.joined()
    }

    private func services(_ budget: PoolBudget, _ snapshot: ConnectionSnapshot) -> String {
        var table = TextTable(.text("service"), .number("live"), .number("declared"), .number("at a deploy"))
        for line in DeclarationDrift(budget: budget, snapshot: snapshot).lines {
            table.add(
                line.services.joined(separator: ", "), String(line.live), String(line.declared),
                String(line.declaredAtDeploy))
        }
        return table.text
    }

    private static func pooler(_ pooler: PoolerStatus) -> String {
        var table = TextTable(
            .text("pool"), .text("mode"), .number("clients"), .number("waiting"), .number("longest wait"),
            .number("servers busy"), .number("idle"), .number("size"))
        for pool in pooler.pools {
            table.add(
                "\(pool.database)/\(pool.user)", pool.mode ?? "", String(pool.activeClients),
                String(pool.waitingClients), pool.waitingClients > 0 ? AgeText.words(pool.longestWait) : "",
                String(pool.activeServers), String(pool.idleServers), pool.size.map(String.init) ?? "")
        }
        return table.text
    }
}
