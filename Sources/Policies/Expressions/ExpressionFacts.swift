import SQLText

/// What an expression or a query names: relations, functions, columns and texts.
struct ExpressionFacts: Sendable {
    /// A call of a function.
    struct Call: Sendable {
        /// The name as written, in parts.
        let name: [String]
        let argumentCount: Int
        /// It stands in a sub-select that reads from nothing, so the server computes it once.
        let isHoisted: Bool
        /// An argument names a column: it cannot be computed once.
        let dependsOnRow: Bool
        /// The offset in the parsed text, in bytes.
        let location: Int
        /// The text constants among the arguments.
        let texts: [String]
    }

    /// A column that is named.
    struct Column: Sendable, Hashable {
        let qualifier: String?
        let name: String
        let location: Int
        /// How many queries stand around it.
        let depth: Int
        /// Its qualifier is none of those queries': it is a column of the row that the policy looks at.
        let isOfRow: Bool
    }

    private(set) var relations: Set<[String]> = []
    private(set) var calls: [Call] = []
    private(set) var columns: [Column] = []
    private(set) var texts: Set<String> = []

    init(_ tree: ParseTree) {
        let common = TreeWalk.commonTables(in: tree)
        TreeWalk.visit(tree) { node in
            switch node.type {
            case "RangeVar": note(relation: node.fields, common)
            case "InsertStmt", "UpdateStmt", "DeleteStmt": note(relation: node.fields["relation"], common)
            case "FuncCall": note(call: node)
            case "ColumnRef": note(column: node)
            case "A_Const": if let text = node.fields["sval"]["sval"].string { texts.insert(text) }
            default: break
            }
        }
    }

    private mutating func note(relation fields: ParseTree, _ common: Set<String>) {
        guard let name = fields["relname"].string else { return }
        let schema = fields["schemaname"].string
        if schema == nil, common.contains(name) { return }
        relations.insert([schema, name].compactMap(\.self))
    }

    private mutating func note(call node: TreeWalk.Node) {
        let arguments = node.fields["args"]
        calls.append(
            Call(
                name: node.fields["funcname"].dottedName,
                argumentCount: arguments.items.count,
                isHoisted: node.queries.last.map { !$0.hasSource } ?? false,
                dependsOnRow: arguments.namesColumn,
                location: node.fields["location"].integer ?? 0,
                texts: arguments.items.compactMap(\.constantText)
            ))
    }

    private mutating func note(column node: TreeWalk.Node) {
        let name = node.fields["fields"].dottedName
        guard let last = name.last else { return }
        let qualifier = name.count > 1 ? name[name.count - 2] : nil
        let isInner = qualifier.map { alias in node.queries.contains { $0.names.contains(alias) } }
        columns.append(
            Column(
                qualifier: qualifier,
                name: last,
                location: node.fields["location"].integer ?? 0,
                depth: node.queries.count,
                isOfRow: !(isInner ?? !node.queries.allSatisfy { !$0.hasSource })
            ))
    }

    /// Whether a function of schema `auth` is called that tells who asks.
    var asksForCaller: Bool { calls.contains { CallerFunction($0.name) != nil } }
    /// Whether the claims of the request's token are read, by whichever way.
    var readsClaims: Bool {
        calls.contains { call in
            CallerFunction(call.name) == .jwt
                || call.name.last == "current_setting" && call.texts.contains { $0.hasPrefix("request.jwt") }
        }
    }
}

/// The functions of Supabase that tell who asks.
enum CallerFunction: String, Sendable {
    case uid
    case role
    case email
    case jwt

    /// The function of a name in parts, such as `auth.uid`.
    init?(_ name: [String]) {
        guard name.count == 2, name[0] == "auth", let function = CallerFunction(rawValue: name[1]) else { return nil }
        self = function
    }
}
