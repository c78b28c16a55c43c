import SQLText

/// Goes through a parse tree from the outside in, and knows in which queries each node stands.
struct TreeWalk {
    /// A query around a node.
    struct Query: Sendable, Hashable {
        /// It reads from something: what stands in it is computed for each row of that.
        let hasSource: Bool
        /// The names it brings into scope: aliases, and tables without one.
        let names: Set<String>
    }

    /// A node and the queries around it, outermost first.
    struct Node {
        let type: String
        let fields: ParseTree
        let queries: [Query]
    }

    /// Calls the body with each node.
    static func visit(_ tree: ParseTree, within queries: [Query] = [], _ body: (Node) -> Void) {
        switch tree {
        case .array(let items):
            for item in items { visit(item, within: queries, body) }
        case .object(let fields):
            for key in fields.keys.sorted() {
                guard let value = fields[key] else { continue }
                visit(field: key, value, within: queries, body)
            }
        default: return
        }
    }

    private static func visit(field key: String, _ value: ParseTree, within queries: [Query], _ body: (Node) -> Void) {
        let isNode = key.first?.isUppercase == true
        // The two halves of a UNION stand in their fields without a node of their own.
        let isHalf = (key == "larg" || key == "rarg") && value.node?.type.first?.isUppercase != true
        guard isNode || isHalf else { return visit(value, within: queries, body) }
        let type = isHalf ? "SelectStmt" : key
        body(Node(type: type, fields: value, queries: queries))
        let isQuery = ["SelectStmt", "UpdateStmt", "DeleteStmt", "InsertStmt"].contains(type)
        visit(value, within: isQuery ? queries + [query(value)] : queries, body)
    }

    private static func query(_ fields: ParseTree) -> Query {
        var names: Set<String> = []
        for source in fields["fromClause"].items + fields["usingClause"].items { names.formUnion(sourceNames(source)) }
        let target = fields["relation"]
        if let name = target["alias"]["aliasname"].string ?? target["relname"].string { names.insert(name) }
        return Query(hasSource: !fields["fromClause"].items.isEmpty || target.exists, names: names)
    }

    private static func sourceNames(_ source: ParseTree) -> Set<String> {
        guard let (type, fields) = source.node else { return [] }
        if type == "JoinExpr" { return sourceNames(fields["larg"]).union(sourceNames(fields["rarg"])) }
        return Set([fields["alias"]["aliasname"].string ?? fields["relname"].string].compactMap(\.self))
    }

    /// The names of the `WITH` queries anywhere in a tree.
    static func commonTables(in tree: ParseTree) -> Set<String> {
        var found: Set<String> = []
        visit(tree) { node in
            if node.type == "CommonTableExpr", let name = node.fields["ctename"].string { found.insert(name) }
        }
        return found
    }
}

extension ParseTree {
    /// The parts of a dotted name: the texts of a list of `String` nodes.
    var dottedName: [String] { items.compactMap { $0["String"]["sval"].string } }
    /// The text of a string constant, casts passed over.
    var constantText: String? {
        self["A_Const"]["sval"]["sval"].string ?? (self["TypeCast"].exists ? self["TypeCast"]["arg"].constantText : nil)
    }
    /// The name of a function call's function.
    var calledName: [String] { self["FuncCall"]["funcname"].dottedName }
    /// The query of a sub-select that reads from nothing and yields one value, such as `(select auth.uid())`.
    var hoistedValue: ParseTree? {
        let link = self["SubLink"]
        guard link["subLinkType"].string == "EXPR_SUBLINK" else { return nil }
        let query = link["subselect"]["SelectStmt"]
        let targets = query["targetList"].items
        guard targets.count == 1, query["fromClause"].items.isEmpty, !query["whereClause"].exists else { return nil }
        return targets[0]["ResTarget"]["val"]
    }
    /// The same value without casts and without a sub-select around it.
    var bare: ParseTree {
        if self["TypeCast"].exists { return self["TypeCast"]["arg"].bare }
        return hoistedValue.map(\.bare) ?? self
    }
    /// Whether a column is named anywhere outside sub-selects that read from nothing.
    var namesColumn: Bool {
        var found = false
        TreeWalk.visit(self) { if $0.type == "ColumnRef" { found = true } }
        return found
    }
    /// Whether a query that reads from something stands in it.
    var readsRelation: Bool {
        var found = false
        TreeWalk.visit(self) { node in
            if node.type == "SelectStmt", !node.fields["fromClause"].items.isEmpty { found = true }
        }
        return found
    }
}
