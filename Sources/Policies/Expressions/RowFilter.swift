import SQLText

/// Which rows of a relation a role's command reaches.
enum RowFilter: Int, Sendable, Hashable, Comparable {
    /// None.
    case nothing
    /// The caller's own.
    case own
    /// Those that meet a condition.
    case conditional
    /// All.
    case all

    static func < (lhs: RowFilter, rhs: RowFilter) -> Bool { lhs.rawValue < rhs.rawValue }

    /// The rows that pass this filter and another one.
    func and(_ other: RowFilter) -> RowFilter {
        if self == .nothing || other == .nothing { return .nothing }
        if self == .all { return other }
        if other == .all { return self }
        return min(self, other)
    }

    /// The rows that pass this filter or another one.
    func or(_ other: RowFilter) -> RowFilter { max(self, other) }
}

/// Finds the row filter of expressions and of policies.
struct RowFilterReader {
    let catalog: AccessCatalog

    /// What an expression lets through.
    ///
    /// An expression the grammar cannot read is a condition: nothing is said about it.
    func filter(of clause: PolicyClause?, on relation: AccessRelation, as role: String) -> RowFilter {
        guard let clause else { return .nothing }
        guard let expression = clause.expression else { return .conditional }
        return filter(of: expression.tree, evaluator(for: relation, role))
    }

    func evaluator(for relation: AccessRelation, _ role: String) -> ExpressionEvaluator {
        ExpressionEvaluator(
            caller: Caller(role: role),
            notNullColumns: Set(relation.columns.filter(\.isNotNull).map(\.name))
        )
    }

    func filter(of tree: ParseTree, _ evaluator: ExpressionEvaluator) -> RowFilter {
        switch evaluator.value(of: tree) {
        case .bool(true): return .all
        case .bool(false), .null: return .nothing
        default: break
        }
        let all = SQLExpression.operands(of: tree, "AND_EXPR")
        if all.count > 1 { return all.reduce(.all) { $0.and(filter(of: $1, evaluator)) } }
        let any = SQLExpression.operands(of: tree, "OR_EXPR")
        if any.count > 1 { return any.reduce(.nothing) { $0.or(filter(of: $1, evaluator)) } }
        return OwnRowTest.isOwn(tree, evaluator) ? .own : .conditional
    }

    /// The rows that a command reaches by USING: permissive policies together, each restrictive one on top.
    func reach(_ command: AccessCommand, on relation: AccessRelation, as role: String) -> RowFilter {
        combined(command, on: relation, as: role) { $0.reading(command) }
    }

    /// The rows that a command may write by WITH CHECK.
    func written(_ command: AccessCommand, on relation: AccessRelation, as role: String) -> RowFilter {
        combined(command, on: relation, as: role) { $0.writing(command) }
    }

    private func combined(
        _ command: AccessCommand,
        on relation: AccessRelation,
        as role: String,
        _ clause: (AccessPolicy) -> PolicyClause?
    ) -> RowFilter {
        guard relation.isRowSecurityOn, catalog.roles[role]?.bypasses != true else { return .all }
        let policies = catalog.policies(of: relation, for: role, command)
        let opened = policies.filter(\.isPermissive).reduce(RowFilter.nothing) { found, policy in
            found.or(filter(of: clause(policy), on: relation, as: role))
        }
        return policies.filter { !$0.isPermissive }.reduce(opened) { found, policy in
            guard let clause = clause(policy) else { return found }
            return found.and(filter(of: clause, on: relation, as: role))
        }
    }
}

/// Whether a condition leaves the caller's own rows only: something of the row is the caller's id.
enum OwnRowTest {
    static func isOwn(_ tree: ParseTree, _ evaluator: ExpressionEvaluator) -> Bool {
        if let (type, fields) = tree.node, type == "SubLink" { return isInSelectOfCaller(fields, evaluator) }
        let fields = tree["A_Expr"]
        guard fields["name"].dottedName.last == "=" else { return false }
        let sides = [fields["lexpr"], fields["rexpr"]]
        guard let caller = sides.firstIndex(where: { evaluator.value(of: $0.bare) == .callerID }) else { return false }
        let other = sides[1 - caller]
        switch fields["kind"].string {
        case "AEXPR_OP": return isOfRow(other)
        case "AEXPR_OP_ANY", "AEXPR_IN":
            let list = other.bare
            let items = list["A_ArrayExpr"]["elements"].exists ? list["A_ArrayExpr"]["elements"].items : list.items
            return caller == 0 && (items.isEmpty ? isOfRow(other) : items.allSatisfy(isOfRow))
        default: return false
        }
    }

    /// `user_id in (select auth.uid())`.
    private static func isInSelectOfCaller(_ link: ParseTree, _ evaluator: ExpressionEvaluator) -> Bool {
        guard link["subLinkType"].string == "ANY_SUBLINK" else { return false }
        let query = link["subselect"]["SelectStmt"]
        let targets = query["targetList"].items
        guard query["fromClause"].items.isEmpty, targets.count == 1 else { return false }
        return evaluator.value(of: targets[0]["ResTarget"]["val"].bare) == .callerID && isOfRow(link["testexpr"])
    }

    /// A value of the row itself: columns, and functions of them, without another query.
    private static func isOfRow(_ tree: ParseTree) -> Bool { tree.namesColumn && !tree.readsRelation }
}
