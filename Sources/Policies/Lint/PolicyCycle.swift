import PostgresTypes

/// Follows policies as the server's rewriter does.
struct PolicyCycle {
    /// One table on the way, the policy that is asked there, and what it reads next.
    struct Step: Sendable {
        let table: AccessRelation
        let command: AccessCommand
        let policy: AccessPolicy
        let read: PolicyReads.Read

        /// The next table is read by a function, whose query the server rewrites by itself.
        var isThroughFunction: Bool { read.via.contains { $0.hasSuffix("()") } }
    }

    private let context: LintContext
    private let role: String
    private let reads: PolicyReads

    init(_ context: LintContext, role: String) {
        self.context = context
        self.role = role
        reads = PolicyReads(context)
    }

    /// The circle that a command on a table runs into; `nil` when there is none.
    ///
    /// Whatever a policy reads, it reads by SELECT. The server refuses a table that it is expanding already when one of
    /// its policies holds any sub-select, even `(select auth.uid())`. Through a function there is no such check: there
    /// the same question has to come again.
    func cycle(from table: AccessRelation, _ command: AccessCommand) -> [Step]? {
        var done: Set<OID> = []
        return walk(table, command, [], &done)
    }

    private func walk(
        _ table: AccessRelation,
        _ command: AccessCommand,
        _ path: [Step],
        _ done: inout Set<OID>
    ) -> [Step]? {
        for (policy, read) in edges(of: table, command) {
            let next = read.relation
            guard next.isRowSecurityOn else { continue }
            let steps = path + [Step(table: table, command: command, policy: policy, read: read)]
            if let start = closing(steps, at: next) { return Array(steps[start...]) }
            if done.contains(next.oid) || steps.contains(where: { $0.table.oid == next.oid && $0.command == .select }) {
                continue
            }
            if let found = walk(next, .select, steps, &done) { return found }
        }
        if command == .select { done.insert(table.oid) }
        return nil
    }

    /// The step at which the path closes to a circle with the table it reads next.
    private func closing(_ steps: [Step], at next: AccessRelation) -> Int? {
        let again = steps.firstIndex { $0.table.oid == next.oid && $0.command == .select }
        if let again, !edges(of: next, .select).isEmpty { return again }
        let boundary = steps.lastIndex { $0.isThroughFunction }.map { $0 + 1 } ?? 0
        guard hasSubSelect(next), boundary < steps.count else { return nil }
        return steps[boundary...].firstIndex { $0.table.oid == next.oid }
    }

    /// Whether a SELECT policy of a table holds a sub-select of any kind.
    private func hasSubSelect(_ table: AccessRelation) -> Bool {
        context.catalog.policies(of: table, for: role, .select).contains { policy in
            guard let tree = policy.using?.expression?.tree else { return false }
            var found = false
            TreeWalk.visit(tree) { if $0.type == "SubLink" { found = true } }
            return found
        }
    }

    private func edges(of table: AccessRelation, _ command: AccessCommand) -> [(AccessPolicy, PolicyReads.Read)] {
        context.catalog.policies(of: table, for: role, command).flatMap { policy in
            reads.reads(of: policy, command).map { (policy, $0) }
        }
    }
}
