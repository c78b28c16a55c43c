import SQLText

/// Rewrites a policy so that it asks a SECURITY DEFINER function in place of another table: the cure for recursion and
/// for tables that users may not read.
struct DefinerHelper {
    let context: LintContext
    let policy: AccessPolicy
    let table: AccessRelation

    /// The statements that put a function between the policy and a relation; `nil` when the policy's form is not one
    /// that can be rewritten mechanically.
    func statements(insteadOfReading target: AccessRelation) -> [String]? {
        var functions: [Function] = []
        var parts: [String] = []
        for (word, clause) in [("using", policy.using), ("with check", policy.check)] {
            guard let expression = clause?.expression else { continue }
            guard let text = rewritten(expression, target, &functions) else { continue }
            parts.append("\(word) (\(text))")
        }
        guard !functions.isEmpty else { return nil }
        let roles = (policy.isForEverybody ? AccessRole.ofUsers : policy.roles).map(AccessName.quoted)
            .joined(separator: ", ")
        return ["create schema if not exists private;", "grant usage on schema private to \(roles);"]
            + functions.flatMap { function in
                [
                    function.definition, "revoke execute on function \(function.signature) from public;",
                    "grant execute on function \(function.signature) to \(roles);",
                ]
            } + ["\(policy.alter) \(parts.joined(separator: " "));"]
    }

    /// A function to be made.
    private struct Function {
        let name: String
        let parameters: [(column: String, type: String)]
        let result: String
        let query: String

        var signature: String {
            "private.\(AccessName.quoted(name))(\(parameters.map(\.type).joined(separator: ", ")))"
        }
        var definition: String {
            let list = parameters.map { "\(AccessName.quoted("p_" + $0.column)) \($0.type)" }.joined(separator: ", ")
            return "create function private.\(AccessName.quoted(name))(\(list)) returns \(result) language sql stable"
                + " security definer set search_path = '' as $$ select \(query) $$;"
        }
    }

    private func rewritten(
        _ expression: SQLExpression,
        _ target: AccessRelation,
        _ functions: inout [Function]
    ) -> String? {
        var links: [ParseTree] = []
        TreeWalk.visit(expression.tree) { node in
            guard node.type == "SubLink", node.queries.allSatisfy({ !$0.hasSource }) else { return }
            if ExpressionFacts(node.fields["subselect"]).relations.contains([target.name.schema, target.name.name]) {
                links.append(node.fields)
            }
        }
        var replacements: [(Range<Int>, String)] = []
        for link in links {
            guard let (range, function, call) = replacement(link, expression, target, number: functions.count) else {
                return nil
            }
            if let same = functions.first(where: { $0.query == function.query }) {
                replacements.append((range, call.replacing(function.name, with: same.name)))
            } else {
                functions.append(function)
                replacements.append((range, call))
            }
        }
        return replacements.isEmpty ? nil : expression.replacing(replacements)
    }

    private func replacement(
        _ link: ParseTree,
        _ expression: SQLExpression,
        _ target: AccessRelation,
        number: Int
    ) -> (Range<Int>, Function, String)? {
        let start = SQLExpression.offset(ofLocation: link["location"].integer ?? 0)
        guard let end = expression.endOfParenthesis(from: start) else { return nil }
        let source = expression.slice(start..<end)
        let outer = ExpressionFacts(.object(["SubLink": .object(["subselect": link["subselect"]])])).columns.filter(
            \.isOfRow)
        var parameters: [(column: String, type: String)] = []
        var inner: [(Range<Int>, String)] = []
        for column in outer {
            guard let type = table.column(column.name)?.type, column.qualifier == table.name.name else { return nil }
            if !parameters.contains(where: { $0.column == column.name }) { parameters.append((column.name, type)) }
            let place = SQLExpression.offset(ofLocation: column.location)
            inner.append((place..<Self.endOfName(expression.text, place), AccessName.quoted("p_" + column.name)))
        }
        // Within the whole text, so that places stay what they are; then what stood before and after is cut off.
        let before = start
        let after = expression.text.utf8.count - end
        let replaced = expression.replacing(inner).utf8.dropFirst(before).dropLast(after)
        let query = String(decoding: Array(replaced), as: UTF8.self)
        let name = "\(table.name.name)_asks_\(target.name.name)" + (number == 0 ? "" : "_\(number + 1)")
        let arguments = parameters.map { AccessName.quoted($0.column) }.joined(separator: ", ")
        let call = "private.\(AccessName.quoted(name))(\(arguments))"
        switch link["subLinkType"].string {
        case "EXISTS_SUBLINK":
            let function = Function(name: name, parameters: parameters, result: "boolean", query: query)
            return (start..<end, function, call)
        case "ANY_SUBLINK":
            guard let column = link["testexpr"]["ColumnRef"]["fields"].dottedName.last,
                source.uppercased().hasPrefix("IN"),
                let type = table.column(column)?.type
            else { return nil }
            let list = String(query.dropFirst(2))
            let function = Function(
                name: name, parameters: parameters, result: "setof \(type)",
                query: "found from \(list) as answer(found)")
            return (start..<end, function, "in (select \(call))")
        case "EXPR_SUBLINK":
            let targets = link["subselect"]["SelectStmt"]["targetList"].items
            guard let column = targets.first?["ResTarget"]["val"]["ColumnRef"]["fields"].dottedName.last,
                let type = target.column(column)?.type
            else { return nil }
            return (start..<end, Function(name: name, parameters: parameters, result: type, query: query), call)
        default: return nil
        }
    }

    /// The end of a dotted name that begins at a place.
    private static func endOfName(_ text: String, _ start: Int) -> Int {
        let bytes = Array(text.utf8)
        var index = start
        var isQuoted = false
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            let isName =
                byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "\"") || byte >= 128
                || Character(Unicode.Scalar(byte)).isLetter || Character(Unicode.Scalar(byte)).isNumber
            if !isQuoted, !isName { break }
            index += 1
        }
        return index
    }
}
