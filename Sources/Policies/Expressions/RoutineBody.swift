import SQLText

/// What a function's body does, as far as it can be read.
///
/// Bodies in SQL are read by the grammar. Those of other languages are read by their words: a table counts as used when
/// its name occurs outside comments.
struct RoutineBody: Sendable {
    /// The statements of a body in SQL; none of another language.
    let statements: [ParseTree]
    /// What those statements name; `nil` of another language.
    let facts: ExpressionFacts?
    /// The words of the source, in small letters, dotted names also as a whole.
    let words: Set<String>

    init(_ source: String, language: String) {
        words = Self.words(of: source)
        guard language == "sql", let tree = try? ParseTree(parsing: Self.script(source)) else {
            statements = []
            facts = nil
            return
        }
        statements = tree["stmts"].items.map { $0["stmt"] }
        facts = ExpressionFacts(tree)
    }

    /// The relations it uses.
    func relations(in catalog: AccessCatalog, searchPath: String?) -> [AccessRelation] {
        guard let facts else {
            return catalog.relations.filter { relation in
                words.contains(relation.name.description)
                    || relation.name.schema == "public" && words.contains(relation.name.name)
            }
        }
        let schemas = (searchPath ?? "").split(separator: ",").map { part in
            part.split(separator: " ").joined().replacing("\"", with: "")
        }
        return facts.relations.compactMap { name in
            if name.count > 1 { return catalog.relation(AccessName(name[0], name[1])) }
            return (schemas + ["public"]).lazy.compactMap { catalog.relation(AccessName($0, name[0])) }.first
        }
    }

    /// The routines it calls.
    func routines(in catalog: AccessCatalog) -> [AccessRoutine] {
        guard let facts else {
            return catalog.routines.filter { words.contains($0.name.description) && !$0.isTriggerFunction }
        }
        return facts.calls.flatMap { catalog.routines(called: $0.name, arguments: $0.argumentCount) }
    }

    /// Whether a column's name occurs.
    func mentions(column: String) -> Bool {
        facts.map { facts in facts.columns.contains { $0.name == column } } ?? words.contains(column)
    }

    private static func script(_ source: String) -> String {
        let text = source.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        if text.uppercased().hasPrefix("RETURN ") { return "SELECT " + text.dropFirst("RETURN ".count) }
        guard text.uppercased().hasPrefix("BEGIN ATOMIC"), text.uppercased().hasSuffix("END") else { return source }
        return String(text.dropFirst("BEGIN ATOMIC".count).dropLast("END".count))
    }

    private static func words(of source: String) -> Set<String> {
        var found: Set<String> = []
        let text = SQLComments.removed(from: source).lowercased()
        for run in text.split(whereSeparator: { !($0.isLetter || $0.isNumber || "_.\"".contains($0)) }) {
            let name = run.replacing("\"", with: "")
            _ = found.insert(String(name))
            for part in name.split(separator: ".") { _ = found.insert(String(part)) }
        }
        return found
    }
}

/// Comments of SQL.
enum SQLComments {
    /// The text with each comment replaced by a space; quoted texts are kept.
    static func removed(from source: String) -> String {
        let bytes = Array(source.utf8)
        var kept: [UInt8] = []
        var index = 0
        func pair(_ first: Character, _ second: Character) -> Bool {
            index + 1 < bytes.count && bytes[index] == first.asciiValue && bytes[index + 1] == second.asciiValue
        }
        while index < bytes.count {
            if pair("-", "-") {
                while index < bytes.count, bytes[index] != 10 { index += 1 }
                kept.append(32)
            } else if pair("/", "*") {
                index += 2
                while index < bytes.count, !pair("*", "/") { index += 1 }
                index += 2
                kept.append(32)
            } else {
                kept.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: kept, as: UTF8.self)
    }
}
