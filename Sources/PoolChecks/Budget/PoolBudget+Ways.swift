extension PoolBudget {
    /// What else would make the database suffice, computed and not guessed, the cheapest first.
    ///
    /// - Parameter floor: The peak with every pool at its minimum.
    /// - Returns: One sentence each.
    func databaseWays(floor: Int) -> [String] {
        [poolerWay, stopFirstWay, fewerWay(floor: floor), largerWay].compactMap(\.self)
    }

    private var fixedPeak: Int { platform.reduce(0) { $0 + $1.peak } }

    /// Everything through the pooler in transaction mode.
    private var poolerWay: String? {
        guard services.contains(where: { $0.route == .direct && !$0.pools.isEmpty }) else { return nil }
        var all = self
        for index in all.services.indices where all.services[index].route == .direct {
            all.services[index].route = .transaction
        }
        let groups = all.pooledGroups.filter { $0.clients(\.copiesAtDeploy) > 0 }
        let room = capacity - fixedPeak
        let start = "Use the pooler in transaction mode (port 6543, pooled: transaction): "
        let peak = all.pooledSlots(\.copiesAtDeploy)
        let roles = groups.count == 1 ? "one role" : "\(groups.count) roles"
        if peak <= room {
            return start + "for \(roles) it opens at most \(peak) connections, and \(room) are free for services."
        }
        guard !groups.isEmpty, room / groups.count > 0 else { return nil }
        return start
            + "with a pool size of \(room / groups.count) (now \(pooler.poolSize)) it opens for \(roles) at most"
            + " \(room / groups.count * groups.count) connections, and \(room) are free for services."
    }

    /// A deploy that stops the old instances before it starts the new ones.
    private var stopFirstWay: String? {
        var all = self
        for index in all.services.indices { all.services[index].surge = 0 }
        guard all != self, services.contains(where: { $0.copies < $0.copiesAtDeploy }) else { return nil }
        let direct = services.filter { $0.route == .direct }
        let pools = direct.reduce(0) { sum, service in
            sum + service.pools.filter { $0.resource == DeclaredPool.database }.reduce(0) { $0 + $1.most }
                * service.copies
        }
        let steady = fixedPeak + pooledSlots(\.copies) + pools
        let verdict = steady <= capacity ? "which fits" : "still more than \(capacity)"
        return "Stop the old instances before the new ones start (surge: 0): the peak is then \(steady), \(verdict)."
    }

    private func fewerWay(floor: Int) -> String? {
        guard floor > capacity else { return nil }
        return "Run fewer instances or processes: with every pool at its minimum the services still take"
            + " \(floor - fixedPeak) at a deploy, and \(max(0, capacity - fixedPeak)) are free for them."
    }

    /// The smallest machine that bears what is declared.
    private var largerWay: String? {
        let direct = services.filter { $0.route == .direct }
        let pools = direct.reduce(0) { sum, service in
            sum + service.pools.filter { $0.resource == DeclaredPool.database }.reduce(0) { $0 + $1.most }
                * service.copiesAtDeploy
        }
        let peak = fixedPeak + pooledSlots(\.copiesAtDeploy) + pools
        let bearing = ComputeSize.connections.first { size in
            var larger = self
            larger.limit = size.limit
            return size.limit > limit && larger.capacity >= peak
        }
        guard let bearing else {
            return
                "No compute size has the \(peak + reserved + marginInForce) connections that this would take as it is."
        }
        return "As it is, this would take the compute size \(bearing.name) (\(bearing.limit) connections)."
    }
}
