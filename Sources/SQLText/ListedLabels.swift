/// Reads from a check which texts it lists: `status in ('open', 'closed')`.
public enum ListedLabels: Sendable {
    private static let depth = 60

    /// The texts that a column may hold by a check.
    ///
    /// The list may stand beside other conditions (`and`), and NULL may be allowed beside it (`or … is null`).
    ///
    /// - Parameters:
    ///   - expression: The check's expression as the server prints it, without the word `check`.
    ///   - column: The column.
    /// - Returns: The texts in the order of the list; `nil` when the check lists none for this column.
    public static func labels(in expression: String, column: String) -> [String]? {
        let sql = "select \(expression)"
        guard !sql.utf8.contains(0) else { return nil }
        let parsed = try? DeepStack.run(forTextOf: sql.utf8.count) { () throws(Grammar.Failure) -> String in
            try Grammar.parseTree(sql)
        }
        guard let json = parsed else { return nil }
        let statements = ParseTree(json: json, depth: depth)["stmts"].items
        guard statements.count == 1, let target = statements.first?["stmt"]["SelectStmt"]["targetList"].items.first
        else {
            return nil
        }
        return labels(in: target["ResTarget"]["val"], column: column)
    }

    private static func labels(in node: ParseTree, column: String) -> [String]? {
        guard let (type, fields) = node.node else { return nil }
        if type == "BoolExpr" {
            let parts = fields["args"].items
            switch fields["boolop"].string {
            case "AND_EXPR": return parts.lazy.compactMap { labels(in: $0, column: column) }.first
            case "OR_EXPR":
                let others = parts.filter { !isNullTest($0, of: column) }
                let lists = others.compactMap { labels(in: $0, column: column) }
                return lists.isEmpty || lists.count < others.count ? nil : lists.flatMap(\.self)
            default: return nil
            }
        }
        guard type == "A_Expr", names(fields["name"]).last == "=", names(of: fields["lexpr"]) == [column] else {
            return nil
        }
        switch fields["kind"].string {
        case "AEXPR_OP": return text(fields["rexpr"]).map { [$0] }
        case "AEXPR_OP_ANY": return texts(withoutCasts(fields["rexpr"])["A_ArrayExpr"]["elements"].items)
        case "AEXPR_IN": return texts(fields["rexpr"]["List"]["items"].items)
        default: return nil
        }
    }

    private static func texts(_ nodes: [ParseTree]) -> [String]? {
        let found = nodes.compactMap(text)
        return found.isEmpty || found.count < nodes.count ? nil : found
    }

    private static func text(_ node: ParseTree) -> String? {
        let constant = withoutCasts(node)["A_Const"]
        // The parser leaves out an empty text.
        return constant["sval"].exists ? constant["sval"]["sval"].string ?? "" : nil
    }

    private static func isNullTest(_ node: ParseTree, of column: String) -> Bool {
        let test = node["NullTest"]
        return test["nulltesttype"].string == "IS_NULL" && names(of: test["arg"]) == [column]
    }

    private static func names(of node: ParseTree) -> [String] { names(withoutCasts(node)["ColumnRef"]["fields"]) }

    private static func names(_ list: ParseTree) -> [String] { list.items.compactMap { $0["String"]["sval"].string } }

    private static func withoutCasts(_ node: ParseTree) -> ParseTree {
        var node = node
        while node["TypeCast"].exists { node = node["TypeCast"]["arg"] }
        return node
    }
}
