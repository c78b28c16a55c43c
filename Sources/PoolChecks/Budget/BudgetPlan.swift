/// The smallest change that makes a resource suffice: the fewest pools changed, and of them as little as possible.
public struct BudgetPlan: Sendable, Hashable {
    /// The pools to change.
    public let changes: [PoolChange]
    /// Connections that the changes free during a rolling deploy.
    public var freed: Int { changes.reduce(0) { $0 + $1.freed } }
    /// Whether no smaller change exists; `false` only for numbers too large to search through.
    public let isLeast: Bool

    /// The plan that frees `need` connections at the peak, or `nil` when the pools cannot.
    init?(pools: [(service: DeclaredService, pool: DeclaredPool)], need: Int) {
        let items = pools.map { service, pool in
            ReductionSolver.Item(weight: service.copiesAtDeploy, most: max(0, pool.most - max(0, pool.minimum)))
        }
        guard let solution = ReductionSolver.solve(items, need: need) else { return nil }
        isLeast = solution.isLeast
        changes = zip(pools, solution.reductions).compactMap { entry, reduction in
            guard reduction > 0 else { return nil }
            return PoolChange(
                service: entry.service.name,
                before: entry.pool,
                after: entry.pool.limited(to: entry.pool.most - reduction),
                freed: reduction * entry.service.copiesAtDeploy
            )
        }
    }
}

/// One pool before and after.
public struct PoolChange: Sendable, Hashable {
    /// The service that keeps it.
    public let service: String
    /// The pool as declared.
    public let before: DeclaredPool
    /// The pool as it would fit.
    public let after: DeclaredPool
    /// Connections that this frees during a rolling deploy.
    public let freed: Int
}
