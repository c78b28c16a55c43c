public import Diagnostics

/// What a run did.
public struct PolicyReport: Sendable, Hashable {
    /// The relations that were changed, with their statements.
    public let applied: [RelationPlan]
    /// How many relations were as their files say.
    public let unchanged: Int
    /// What was found and not changed.
    public let findings: [Finding]
    /// How long it took.
    public let duration: Duration
}
