import SQLText

/// A column that decides about a right: a policy or a function looks for a fixed value of it in the caller's row.
struct TrustedColumn: Hashable {
    let table: AccessRelation
    let column: String
    /// What trusts it, in words.
    let decider: String
    /// What it has to be, as SQL writes it.
    let wanted: String
}

/// Finds the columns that queries compare with constants in rows that belong to the caller.
struct TrustedColumns {
    private let context: LintContext

    init(_ context: LintContext) { self.context = context }

    /// The columns that a policy trusts in its own queries.
    func trusted(by policy: AccessPolicy) -> [TrustedColumn] {
        policy.clauses.compactMap { $0.expression?.tree }.flatMap { columns(in: $0, policy.displayName, nil) }
    }

    /// The columns that a function trusts.
    func trusted(by routine: AccessRoutine) -> [TrustedColumn] {
        let name = "function \(routine.signature)"
        guard routine.body.facts != nil else { return byWords(routine, name) }
        return columns(in: .array(routine.body.statements), name, routine)
    }

    private func columns(in tree: ParseTree, _ decider: String, _ routine: AccessRoutine?) -> [TrustedColumn] {
        var found: [TrustedColumn] = []
        TreeWalk.visit(tree) { node in
            guard node.type == "SelectStmt" else { return }
            let query = CallerQuery(node.fields, context.catalog, routine)
            found += query.trusted.map { source, column, wanted in
                TrustedColumn(table: source, column: column, decider: decider, wanted: wanted)
            }
        }
        return found
    }

    /// A body that is no SQL: columns with names that mean a right, where the body also asks who calls.
    private func byWords(_ routine: AccessRoutine, _ name: String) -> [TrustedColumn] {
        guard routine.body.words.contains("auth.uid") else { return [] }
        return routine.body.relations(in: context.catalog, searchPath: routine.searchPath)
            .filter { AccessCatalog.isOurs($0.name) }
            .flatMap { table in
                table.columns.filter { Self.meansRight($0.name) && routine.body.words.contains($0.name.lowercased()) }
                    .map { TrustedColumn(table: table, column: $0.name, decider: name, wanted: "a value it looks for") }
            }
    }

    private static func meansRight(_ column: String) -> Bool {
        let name = column.lowercased()
        return [
            "role", "roles", "user_role", "permissions", "plan_type", "subscription_status", "subscription_tier",
            "tier",
        ]
        .contains(name) || ["admin", "moderator", "staff", "superuser"].contains { name.contains($0) }
    }
}

/// A query that looks for rows of the caller.
struct CallerQuery {
    /// The relation, the column, and what it has to be.
    private(set) var trusted: [(AccessRelation, String, String)] = []
    private var sources: [String: AccessRelation] = [:]
    /// Names that are no column may be parameters: the query stands in a function.
    private let hasParameters: Bool

    init(_ fields: ParseTree, _ catalog: AccessCatalog, _ routine: AccessRoutine?) {
        hasParameters = (routine?.argumentCount ?? 0) > 0
        let searchPath = routine?.searchPath
        var conditions = SQLExpression.operands(of: fields["whereClause"], "AND_EXPR")
        for source in fields["fromClause"].items { note(source, catalog, searchPath, &conditions) }
        guard !sources.isEmpty else { return }
        var bound: Set<String> = []
        for condition in conditions { for (alias, _) in callerColumns(condition) { bound.insert(alias) } }
        let decisive = conditions.flatMap { SQLExpression.operands(of: $0, "OR_EXPR") }
        for (alias, column, wanted) in decisive.flatMap({ constantColumns($0) }) where bound.contains(alias) {
            if let source = sources[alias] { trusted.append((source, column, wanted)) }
        }
        let targets = fields["targetList"].items
        if targets.count == 1, let (alias, column) = self.column(targets[0]["ResTarget"]["val"]), bound.contains(alias),
            let source = sources[alias], source.column(column).map({ ["text", "boolean"].contains($0.type) }) == true
        {
            trusted.append((source, column, "the value it returns"))
        }
    }

    private mutating func note(
        _ source: ParseTree,
        _ catalog: AccessCatalog,
        _ searchPath: String?,
        _ conditions: inout [ParseTree]
    ) {
        guard let (type, fields) = source.node else { return }
        if type == "JoinExpr" {
            conditions += SQLExpression.operands(of: fields["quals"], "AND_EXPR")
            note(fields["larg"], catalog, searchPath, &conditions)
            note(fields["rarg"], catalog, searchPath, &conditions)
        } else if type == "RangeVar", let name = fields["relname"].string {
            let schemas =
                fields["schemaname"].string.map { [$0] }
                ?? (searchPath ?? "").split(separator: ",").map { $0.filter { $0 != " " && $0 != "\"" } } + ["public"]
            let relation = schemas.lazy.compactMap { catalog.relation(AccessName($0, name)) }.first
            if let relation { sources[fields["alias"]["aliasname"].string ?? name] = relation }
        }
    }

    /// The source and column that a column reference means.
    private func column(_ tree: ParseTree) -> (alias: String, column: String)? {
        let name = tree.bare["ColumnRef"]["fields"].dottedName
        guard let column = name.last else { return nil }
        if name.count > 1 { return sources[name[name.count - 2]] == nil ? nil : (name[name.count - 2], column) }
        let owners = sources.filter { $0.value.column(column) != nil }
        return owners.count == 1 ? owners.first.map { ($0.key, column) } : nil
    }

    /// Columns that have to be the caller's id, or what a function was given.
    private func callerColumns(_ condition: ParseTree) -> [(String, String)] {
        let fields = condition["A_Expr"]
        guard fields["name"].dottedName.last == "=" || fields["kind"].string == "AEXPR_IN" else { return [] }
        let sides = [fields["lexpr"], fields["rexpr"]]
        let isCaller = sides.map { side in
            let value = side.bare
            let isParameter =
                hasParameters && (value["ParamRef"].exists || value["ColumnRef"].exists && column(value) == nil)
            return isParameter || CallerFunction(value.calledName) == .uid
        }
        if isCaller[0] == isCaller[1] { return [] }
        let other = isCaller[0] ? sides[1] : sides[0]
        let items = other["A_ArrayExpr"]["elements"].exists ? other["A_ArrayExpr"]["elements"].items : other.items
        return (items.isEmpty ? [other] : items).compactMap { column($0) }
    }

    /// Columns that have to be a constant.
    private func constantColumns(_ condition: ParseTree) -> [(String, String, String)] {
        if condition["ColumnRef"].exists, let (alias, name) = column(condition) { return [(alias, name, "true")] }
        if condition["BooleanTest"]["booltesttype"].string == "IS_TRUE",
            let (alias, name) = column(condition["BooleanTest"]["arg"])
        {
            return [(alias, name, "true")]
        }
        let fields = condition["A_Expr"]
        guard fields["name"].dottedName.last == "=" else { return [] }
        let sides = [fields["lexpr"], fields["rexpr"]]
        for index in 0...1 {
            guard let (alias, name) = column(sides[index]) else { continue }
            let other = sides[1 - index].bare
            let items = other["A_ArrayExpr"]["elements"].exists ? other["A_ArrayExpr"]["elements"].items : other.items
            let texts = (items.isEmpty ? [other] : items).map { Self.constant($0.bare) }
            guard !texts.contains(nil) else { continue }
            return [(alias, name, texts.compactMap(\.self).joined(separator: " or "))]
        }
        return []
    }

    private static func constant(_ tree: ParseTree) -> String? {
        if let text = tree.constantText { return "'\(text)'" }
        guard tree["A_Const"].exists, !tree["A_Const"]["isnull"].isTrue else { return nil }
        if tree["A_Const"]["boolval"].exists { return tree["A_Const"]["boolval"]["boolval"].isTrue ? "true" : "false" }
        return tree["A_Const"]["ival"].exists ? String(tree["A_Const"]["ival"]["ival"].integer ?? 0) : nil
    }
}
