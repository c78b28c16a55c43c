/// The connections that a project declares, and the limits they have to stay within.
///
/// A value: no database is asked. ``report()`` says who takes how many, and what to change when it is too much.
public struct PoolBudget: Sendable, Hashable {
    /// What the pooler before the database allows.
    public struct Pooler: Sendable, Hashable {
        /// Server connections for each role and mode.
        public var poolSize = 15
        /// Clients in transaction mode, all together.
        public var maxClients = 200

        /// The pooler of the smallest project.
        public init() {}
    }

    /// `max_connections` of the server.
    public var limit = 60
    /// Slots that only superusers get.
    public var reserved = 3
    /// Slots to leave free for migrations, backups and people; a tenth, and at least 3, unless given.
    public var margin: Int?
    /// What the pooler allows.
    public var pooler = Pooler()
    /// Supabase's own consumers.
    public var platform = PlatformConsumer.defaults
    /// The project's services.
    public var services: [DeclaredService] = []
    /// Other limited resources by name.
    public var resources: [String: Int] = [:]

    /// A budget without services.
    public init() {}

    /// The slots that remain for everyone but superusers.
    public var available: Int { max(0, limit - reserved) }
    /// The slots that are left free.
    public var marginInForce: Int { margin ?? max(3, (available + 9) / 10) }
    /// The slots that may be planned with.
    public var capacity: Int { max(0, available - marginInForce) }

    /// Who takes how many of each resource, whether that fits, and what to change when it does not.
    ///
    /// - Returns: The database first, then each other resource that pools draw from.
    public func report() -> BudgetReport {
        var parts = pooledGroups.filter { $0.route == .session }.map(sessionPoolReport)
        if services.contains(where: { $0.route == .transaction }) { parts.append(poolerClientReport) }
        // Fewer clients of the pooler may be fewer than its pool: then the database has that many slots more.
        let slimmer = applying(BudgetReport(resources: parts))
        let relief = pooledSlots(\.copiesAtDeploy) - slimmer.pooledSlots(\.copiesAtDeploy)
        parts.insert(databaseReport(relief: relief), at: 0)
        for name in resources.keys.sorted() { parts.append(resourceReport(name, limit: resources[name] ?? 0)) }
        return BudgetReport(resources: parts)
    }

    /// The same budget with the changes of a report's plans made.
    ///
    /// - Parameter report: What ``report()`` returned.
    /// - Returns: The changed copy; it fits when every resource that did not fit has a plan.
    public func applying(_ report: BudgetReport) -> PoolBudget {
        var copy = self
        for change in report.changes {
            for service in copy.services.indices where copy.services[service].name == change.service {
                for pool in copy.services[service].pools.indices
                where copy.services[service].pools[pool].name == change.before.name {
                    copy.services[service].pools[pool] = change.after
                }
            }
        }
        return copy
    }
}

// MARK: - Consumers

extension PoolBudget {
    /// Services that share one pool of the pooler: those of one role and mode.
    struct PooledGroup: Hashable {
        let role: String
        let route: DeclaredService.Route
        let services: [DeclaredService]

        var name: String { "pooler, \(route.rawValue) mode, role \(role)" }

        func clients(_ copies: (DeclaredService) -> Int) -> Int {
            services.reduce(0) { sum, service in
                sum + service.pools.filter { $0.resource == DeclaredPool.database }.reduce(0) { $0 + $1.most }
                    * copies(service)
            }
        }
    }

    /// The role that services without one of their own log in as.
    static let sharedRole = "postgres"

    var pooledGroups: [PooledGroup] {
        let pooled = services.filter { $0.route != .direct }
        let keys = Set(pooled.map { [$0.role ?? Self.sharedRole, $0.route.rawValue] }).sorted {
            $0.joined() < $1.joined()
        }
        return keys.compactMap { key in
            guard let route = DeclaredService.Route(rawValue: key[1]) else { return nil }
            let members = pooled.filter { ($0.role ?? Self.sharedRole) == key[0] && $0.route == route }
            return PooledGroup(role: key[0], route: route, services: members)
        }
    }

    /// What a group costs the server: no more than the pool of the pooler.
    func slots(of group: PooledGroup, _ copies: (DeclaredService) -> Int) -> Int {
        min(group.clients(copies), pooler.poolSize)
    }

    /// What all groups cost the server.
    func pooledSlots(_ copies: (DeclaredService) -> Int) -> Int {
        pooledGroups.reduce(0) { $0 + slots(of: $1, copies) }
    }

    private func databaseReport(relief: Int) -> ResourceReport {
        var consumers = platform.filter { $0.peak > 0 }.map { consumer in
            BudgetConsumer(
                kind: .platform, name: "supabase \(consumer.name)", formula: consumer.role, steady: consumer.steady,
                peak: consumer.peak, source: consumer.source)
        }
        consumers += pooledGroups.map { group in
            BudgetConsumer(
                kind: .pooler, name: group.name,
                formula: "at most \(pooler.poolSize) for \(group.clients(\.copiesAtDeploy)) clients",
                steady: slots(of: group, \.copies), peak: slots(of: group, \.copiesAtDeploy), source: nil)
        }
        let direct = services.filter { $0.route == .direct }
        return ResourceReport(
            name: DeclaredPool.database, limit: limit, reserved: reserved, margin: marginInForce, capacity: capacity,
            fixed: consumers, relief: relief, drawing: DeclaredPool.database, by: direct, otherWays: databaseWays)
    }

    private func sessionPoolReport(_ group: PooledGroup) -> ResourceReport {
        ResourceReport(
            name: group.name, limit: pooler.poolSize, reserved: 0, margin: 0, capacity: pooler.poolSize,
            drawing: DeclaredPool.database, by: group.services,
            otherWays: { _ in
                ["Use the transaction mode, where clients share server connections: pooled: transaction."]
            })
    }

    private var poolerClientReport: ResourceReport {
        ResourceReport(
            name: "pooler clients", limit: pooler.maxClients, reserved: 0, margin: 0, capacity: pooler.maxClients,
            drawing: DeclaredPool.database, by: services.filter { $0.route == .transaction }, otherWays: { _ in [] })
    }

    private func resourceReport(_ name: String, limit: Int) -> ResourceReport {
        ResourceReport(
            name: name, limit: limit, reserved: 0, margin: 0, capacity: limit, drawing: name, by: services,
            otherWays: { _ in ["Take a larger \(name), or run fewer instances or processes."] })
    }
}
