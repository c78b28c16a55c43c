public import Diagnostics

/// What a prune planned and did.
public struct PruneReport: Sendable {
    /// The plan.
    public let plan: PrunePlan
    /// Nothing was done.
    public let isDryRun: Bool
    /// How many objects were removed, manifests, keys and marks included.
    public internal(set) var removedObjects = 0

    init(plan: PrunePlan, isDryRun: Bool) {
        self.plan = plan
        self.isDryRun = isDryRun
    }

    /// How the prune ends: why nothing was removed, or that there are findings; `nil` when all is well.
    public var failureClass: FailureClass? {
        plan.obstacle ?? (plan.findings.contains { $0.severity > .note } ? .findings : nil)
    }
}
