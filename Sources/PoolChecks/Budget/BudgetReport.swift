/// Who takes how many of each limited resource, and what to change.
public struct BudgetReport: Sendable, Hashable {
    /// The database first, then each other resource.
    public let resources: [ResourceReport]

    /// Whether everything fits, also during a rolling deploy.
    public var fits: Bool { resources.allSatisfy(\.fits) }

    /// The changes of all plans.
    public var changes: [PoolChange] { resources.flatMap { $0.plan?.changes ?? [] } }

    /// Whether the changes make everything fit.
    public var canFit: Bool { resources.allSatisfy { $0.fits || $0.plan != nil } }
}

/// One line of a budget.
public struct BudgetConsumer: Sendable, Hashable {
    /// What kind of consumer it is.
    public enum Kind: String, Sendable, Hashable {
        /// A part of Supabase.
        case platform
        /// The pooler, for the services behind it.
        case pooler
        /// A pool of a service.
        case pool
    }

    /// What kind of consumer it is.
    public let kind: Kind
    /// Who it is.
    public let name: String
    /// How its number comes about.
    public let formula: String
    /// Connections while nothing is deployed.
    public let steady: Int
    /// Connections during a rolling deploy.
    public let peak: Int
    /// Where the number comes from; `nil` for what the configuration declares.
    public let source: String?
}

/// One limited resource: its consumers, the sum, and the plan when that is too much.
public struct ResourceReport: Sendable, Hashable {
    /// The resource's name.
    public let name: String
    /// All there is.
    public let limit: Int
    /// What is kept for superusers.
    public let reserved: Int
    /// What is left free.
    public let margin: Int
    /// What may be planned with.
    public let capacity: Int
    /// Who takes it, the platform first.
    public let consumers: [BudgetConsumer]
    /// The smallest change that fits; `nil` when nothing has to change or nothing helps.
    public let plan: BudgetPlan?
    /// The peak with every pool at its minimum; ``plan`` is `nil` when it is more than the capacity.
    public let floor: Int
    /// What else would help, the cheapest first.
    public let otherWays: [String]

    /// Connections while nothing is deployed.
    public var steady: Int { consumers.reduce(0) { $0 + $1.steady } }
    /// Connections during a rolling deploy.
    public var peak: Int { consumers.reduce(0) { $0 + $1.peak } }
    /// Whether it fits, also during a rolling deploy.
    public var fits: Bool { max(steady, peak) <= capacity }

    init(
        name: String,
        limit: Int,
        reserved: Int,
        margin: Int,
        capacity: Int,
        fixed: [BudgetConsumer] = [],
        relief: Int = 0,
        drawing drawn: String,
        by services: [DeclaredService],
        otherWays: (Int) -> [String]
    ) {
        let pools = services.flatMap { service in
            service.pools.filter { $0.resource == drawn }.map { (service: service, pool: $0) }
        }
        self.name = name
        self.limit = limit
        self.reserved = reserved
        self.margin = margin
        self.capacity = capacity
        consumers =
            fixed
            + pools.map { service, pool in
                BudgetConsumer(
                    kind: .pool, name: "\(service.name) \(pool.name)", formula: Self.formula(service, pool),
                    steady: pool.most * service.copies, peak: pool.most * service.copiesAtDeploy, source: nil)
            }
        let peak = consumers.reduce(0) { $0 + $1.peak }
        let fixedPeak = fixed.reduce(0) { $0 + $1.peak }
        floor =
            fixedPeak - relief
            + pools.reduce(0) { $0 + min($1.pool.minimum, $1.pool.most) * $1.service.copiesAtDeploy }
        plan = peak > capacity ? BudgetPlan(pools: pools, need: peak - relief - capacity) : nil
        self.otherWays = peak > capacity ? otherWays(floor) : []
    }

    private static func formula(_ service: DeclaredService, _ pool: DeclaredPool) -> String {
        let size = pool.overflow > 0 ? "(\(pool.size) + \(pool.overflow))" : String(pool.size)
        return "\(service.instances) × \(service.processes) × \(size)"
    }
}
