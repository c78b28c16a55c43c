import SQLText

/// Computes what can be computed of an expression before any row is seen, in SQL's three-valued logic.
struct ExpressionEvaluator {
    let caller: Caller
    /// The columns of the row that are never NULL.
    var notNullColumns: Set<String> = []

    /// The value of an expression.
    func value(of tree: ParseTree) -> ExpressionValue {
        if let inner = tree.hoistedValue { return value(of: inner) }
        guard let (type, fields) = tree.node else { return .unknown }
        switch type {
        case "A_Const": return constant(fields)
        case "TypeCast": return cast(fields)
        case "ColumnRef":
            let name = fields["fields"].dottedName
            guard let column = name.last else { return .unknown }
            return .column(name, isNotNull: notNullColumns.contains(column))
        case "FuncCall": return call(fields)
        case "SQLValueFunction": return sessionValue(fields)
        case "BoolExpr": return logic(fields)
        case "NullTest": return nullTest(fields)
        case "BooleanTest": return booleanTest(fields)
        case "CoalesceExpr": return coalesce(fields["args"].items)
        case "CaseExpr": return choice(fields)
        case "A_Expr": return operation(fields)
        default: return .unknown
        }
    }

    private func constant(_ fields: ParseTree) -> ExpressionValue {
        if fields["isnull"].isTrue { return .null }
        if fields["boolval"].exists { return .bool(fields["boolval"]["boolval"].isTrue) }
        if fields["ival"].exists { return .number(String(fields["ival"]["ival"].integer ?? 0)) }
        if let digits = fields["fval"]["fval"].string { return .number(digits) }
        return fields["sval"].exists ? .text(fields["sval"]["sval"].string ?? "") : .unknown
    }

    private func cast(_ fields: ParseTree) -> ExpressionValue {
        let inner = value(of: fields["arg"])
        guard fields["typeName"]["names"].dottedName.last == "bool", case .text(let text) = inner else { return inner }
        switch text.lowercased() {
        case "t", "true", "on", "yes", "1": return .bool(true)
        case "f", "false", "off", "no", "0": return .bool(false)
        default: return .unknown
        }
    }

    private func call(_ fields: ParseTree) -> ExpressionValue {
        switch CallerFunction(fields["funcname"].dottedName) {
        case .uid: caller.isSignedIn ? .callerID : .null
        case .role: .text(caller.role)
        case .jwt: .claims
        case .email, nil: .unknown
        }
    }

    private func sessionValue(_ fields: ParseTree) -> ExpressionValue {
        switch fields["op"].string {
        case "SVFOP_CURRENT_USER", "SVFOP_CURRENT_ROLE", "SVFOP_USER": .text(caller.role)
        default: .unknown
        }
    }

    private func logic(_ fields: ParseTree) -> ExpressionValue {
        let values = fields["args"].items.map { value(of: $0) }
        switch fields["boolop"].string {
        case "AND_EXPR": return Self.and(values)
        case "OR_EXPR": return Self.or(values)
        default: return values.first.map(Self.not) ?? .unknown
        }
    }

    static func and(_ values: [ExpressionValue]) -> ExpressionValue {
        if values.contains(.bool(false)) { return .bool(false) }
        if values.allSatisfy({ $0 == .bool(true) }) { return .bool(true) }
        return values.contains { $0 != .bool(true) && $0 != .null } ? .unknown : .null
    }

    static func or(_ values: [ExpressionValue]) -> ExpressionValue {
        if values.contains(.bool(true)) { return .bool(true) }
        if values.allSatisfy({ $0 == .bool(false) }) { return .bool(false) }
        return values.contains { $0 != .bool(false) && $0 != .null } ? .unknown : .null
    }

    static func not(_ value: ExpressionValue) -> ExpressionValue {
        switch value {
        case .bool(let bool): .bool(!bool)
        case .null: .null
        default: .unknown
        }
    }

    private func nullTest(_ fields: ParseTree) -> ExpressionValue {
        let isNull = fields["nulltesttype"].string == "IS_NULL"
        let inner = value(of: fields["arg"])
        if inner == .null { return .bool(isNull) }
        return inner.isNotNull ? .bool(!isNull) : .unknown
    }

    private func booleanTest(_ fields: ParseTree) -> ExpressionValue {
        let inner = value(of: fields["arg"])
        guard inner == .null || inner == .bool(true) || inner == .bool(false) else { return .unknown }
        switch fields["booltesttype"].string {
        case "IS_TRUE": return .bool(inner == .bool(true))
        case "IS_NOT_TRUE": return .bool(inner != .bool(true))
        case "IS_FALSE": return .bool(inner == .bool(false))
        case "IS_NOT_FALSE": return .bool(inner != .bool(false))
        case "IS_UNKNOWN": return .bool(inner == .null)
        case "IS_NOT_UNKNOWN": return .bool(inner != .null)
        default: return .unknown
        }
    }

    private func coalesce(_ items: [ParseTree]) -> ExpressionValue {
        for item in items {
            let inner = value(of: item)
            if inner == .null { continue }
            return inner.isNotNull ? inner : .unknown
        }
        return .null
    }

    private func choice(_ fields: ParseTree) -> ExpressionValue {
        guard !fields["arg"].exists else { return .unknown }
        var possible: [ExpressionValue] = []
        for branch in fields["args"].items {
            let condition = value(of: branch["CaseWhen"]["expr"])
            if condition == .bool(false) || condition == .null { continue }
            possible.append(value(of: branch["CaseWhen"]["result"]))
            if condition == .bool(true) { return Self.common(possible) }
        }
        possible.append(fields["defresult"].exists ? value(of: fields["defresult"]) : .null)
        return Self.common(possible)
    }

    private static func common(_ values: [ExpressionValue]) -> ExpressionValue {
        guard let first = values.first, values.allSatisfy({ $0 == first }) else { return .unknown }
        return first
    }
}

// MARK: - Operators

extension ExpressionEvaluator {
    private func operation(_ fields: ParseTree) -> ExpressionValue {
        let name = fields["name"].dottedName.last ?? ""
        let left = value(of: fields["lexpr"])
        switch fields["kind"].string {
        case "AEXPR_OP":
            if name == "->>" || name == "->" { return claim(of: left, fields["rexpr"]) }
            return compared(left, name, value(of: fields["rexpr"]))
        case "AEXPR_LIKE":
            return fields["rexpr"].constantText == "%" && left.isNotNull ? .bool(name == "~~") : .unknown
        case "AEXPR_OP_ANY", "AEXPR_IN":
            guard name == "=" else { return .unknown }
            let list = fields["rexpr"].bare
            let items = list["A_ArrayExpr"]["elements"].exists ? list["A_ArrayExpr"]["elements"].items : list.items
            guard !items.isEmpty else { return .unknown }
            return Self.or(items.map { compared(left, "=", value(of: $0)) })
        case "AEXPR_NOT_DISTINCT":
            let equal = compared(left, "=", value(of: fields["rexpr"]))
            return equal == .null ? .unknown : equal
        default: return .unknown
        }
    }

    private func claim(of source: ExpressionValue, _ key: ParseTree) -> ExpressionValue {
        guard source == .claims else { return .unknown }
        switch key.constantText {
        case "role": return .text(caller.role)
        case "sub": return caller.isSignedIn ? .callerID : .null
        default: return .unknown
        }
    }

    private func compared(_ left: ExpressionValue, _ name: String, _ right: ExpressionValue) -> ExpressionValue {
        if left == .null || right == .null { return .null }
        let isSame: Bool
        switch (left, right) {
        case (.column(let one, _), .column(let other, _)):
            // True for every row but those with a NULL there.
            guard one == other else { return .unknown }
            isSame = true
        case (.callerID, .callerID): isSame = true
        default:
            guard left.isConstant, right.isConstant else { return .unknown }
            isSame = left == right
        }
        switch name {
        case "=": return .bool(isSame)
        case "<>", "!=": return .bool(!isSame)
        case "<=", ">=": return isSame ? .bool(true) : .unknown
        case "<", ">": return isSame ? .bool(false) : .unknown
        default: return .unknown
        }
    }
}
