public import Diagnostics

/// How a database compares with a folder of policy files; a plain value.
public struct PolicyPlan: Sendable, Hashable {
    /// Every relation that has a file or should have one, by name.
    public let relations: [RelationPlan]

    /// A plan from its parts.
    ///
    /// - Parameter relations: The relations, in any order.
    public init(relations: [RelationPlan]) {
        self.relations = relations.sorted { $0.relation < $1.relation }
    }

    /// The relations that are to be changed.
    public var pending: [RelationPlan] { relations.filter { !$0.changes.isEmpty } }
    /// Every statement, in order.
    public var changes: [PolicyChange] { relations.flatMap(\.changes) }
    /// What was found and is not changed.
    public var findings: [Finding] { relations.flatMap(\.findings) }
}
