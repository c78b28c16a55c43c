import SQLText

/// The row filter of tables and of views: a view's own condition, and what lies below it.
struct ViewFilterReader {
    let catalog: AccessCatalog
    let role: String

    private var filters: RowFilterReader { RowFilterReader(catalog: catalog) }

    /// The rows that a command reaches.
    func reach(_ command: AccessCommand, on relation: AccessRelation) -> RowFilter {
        filter(of: relation, depth: 0) { filters.reach(command, on: $0, as: role) }
    }

    /// The rows that a command may write.
    func written(_ command: AccessCommand, on relation: AccessRelation) -> RowFilter {
        filter(of: relation, depth: 0) { filters.written(command, on: $0, as: role) }
    }

    /// A view with `security_invoker` shows what its tables show the caller; another what its owner sees.
    ///
    /// Of several tables below, the filter is known only where all have the same: a joined table may add rows or not.
    private func filter(of relation: AccessRelation, depth: Int, _ ofTable: (AccessRelation) -> RowFilter) -> RowFilter
    {
        switch relation.kind {
        case .table, .partitioned: return ofTable(relation)
        case .materializedView, .foreignTable: return .all
        case .view: break
        }
        let own = condition(of: relation)
        guard depth < 12, relation.isInvoker || !relation.ownerBypasses else { return own }
        let below = Set(
            relation.dependencies.compactMap { catalog.relation($0) }.map { filter(of: $0, depth: depth + 1, ofTable) })
        if below.isEmpty { return own }
        return (below.count == 1 ? below.first ?? .conditional : .conditional).and(own)
    }

    /// What the view's WHERE leaves, as far as it depends on who asks; other conditions say what the view is.
    private func condition(of view: AccessRelation) -> RowFilter {
        guard let query = view.query else { return .conditional }
        let condition = query["whereClause"]
        guard condition.exists else { return .all }
        let evaluator = ExpressionEvaluator(caller: Caller(role: role))
        return SQLExpression.operands(of: condition, "AND_EXPR").filter { dependsOnCaller($0) }
            .reduce(.all) { $0.and(filters.filter(of: $1, evaluator)) }
    }

    private func dependsOnCaller(_ condition: ParseTree) -> Bool {
        let facts = ExpressionFacts(condition)
        return facts.asksForCaller || facts.readsClaims
            || facts.calls.contains { !catalog.routines(called: $0.name, arguments: $0.argumentCount).isEmpty }
    }
}
