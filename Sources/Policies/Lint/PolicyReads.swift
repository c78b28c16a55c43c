import SQLText

/// What a policy reads when it is asked, with the rights of the role that asks.
struct PolicyReads {
    /// A relation that is read.
    struct Read: Sendable {
        let relation: AccessRelation
        /// The functions and views on the way there.
        let via: [String]
    }

    private let context: LintContext

    init(_ context: LintContext) { self.context = context }

    /// The relations a clause reads as the caller.
    ///
    /// A SECURITY DEFINER function, and a view without `security_invoker`, read as their owner: what is behind them
    /// asks no policy of the caller's and is left out.
    func reads(of clause: PolicyClause?) -> [Read] {
        guard let facts = clause?.expression?.facts else { return [] }
        return below(context.relations(facts.relations), via: [])
            + facts.calls.flatMap { call in context.routines(call).flatMap { reads(of: $0, via: []) } }
    }

    /// The relations a policy reads as the caller, for a command.
    func reads(of policy: AccessPolicy, _ command: AccessCommand?) -> [Read] {
        guard let command else { return policy.clauses.flatMap { reads(of: $0) } }
        let clauses: [PolicyClause?]
        switch command {
        case .insert: clauses = [policy.writing(.insert)]
        case .update: clauses = [policy.reading(.update), policy.check]
        default: clauses = [policy.reading(command)]
        }
        return clauses.flatMap { reads(of: $0) }
    }

    private func reads(of routine: AccessRoutine, via path: [String]) -> [Read] {
        let name = "\(routine.name)()"
        guard !routine.isDefiner, !path.contains(name), path.count < 12 else { return [] }
        let relations = routine.body.relations(in: context.catalog, searchPath: routine.searchPath)
        return below(relations, via: path + [name])
            + routine.body.routines(in: context.catalog).flatMap { reads(of: $0, via: path + [name]) }
    }

    /// The relations themselves, and what lies below those that are views of the caller.
    private func below(_ relations: [AccessRelation], via path: [String]) -> [Read] {
        relations.flatMap { relation -> [Read] in
            let own = [Read(relation: relation, via: path)]
            guard relation.kind == .view, relation.isInvoker, path.count < 12 else { return own }
            let next = relation.dependencies.compactMap { context.catalog.relation($0) }
            return own + below(next, via: path + [relation.name.description])
        }
    }
}
