import SQLText

/// One expression, read by PostgreSQL's grammar.
struct SQLExpression: Sendable {
    /// The text.
    let text: String
    /// The tree.
    let tree: ParseTree
    /// What it names.
    let facts: ExpressionFacts

    /// What has to stand before an expression so that the grammar takes it.
    private static let prefix = "SELECT "

    /// Parses an expression.
    init(_ text: String) throws(SQLSyntaxError) {
        let script = try ParseTree(parsing: Self.prefix + text)
        self.text = text
        tree =
            script["stmts"].items.first?["stmt"]["SelectStmt"]["targetList"].items.first?["ResTarget"]["val"]
            ?? .nothing
        facts = ExpressionFacts(tree)
    }

    /// The place of a node in ``text``, in bytes.
    static func offset(ofLocation location: Int) -> Int { location - prefix.utf8.count }

    /// The text between two places.
    func slice(_ range: Range<Int>) -> String {
        let bytes = Array(text.utf8)
        return String(decoding: bytes[range.clamped(to: 0..<bytes.count)], as: UTF8.self)
    }

    /// The text with replacements, which must not overlap.
    func replacing(_ replacements: [(Range<Int>, String)]) -> String {
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var place = 0
        for (range, new) in replacements.sorted(by: { $0.0.lowerBound < $1.0.lowerBound })
        where range.lowerBound >= place && range.upperBound <= bytes.count {
            result += bytes[place..<range.lowerBound] + Array(new.utf8)
            place = range.upperBound
        }
        return String(decoding: result + bytes[place...], as: UTF8.self)
    }

    /// Where the parenthesis at or after a place closes, just past it.
    func endOfParenthesis(from place: Int) -> Int? {
        let bytes = Array(text.utf8)
        var depth = 0
        var quote: UInt8?
        for index in max(place, 0)..<max(bytes.count, max(place, 0)) {
            let byte = bytes[index]
            if let open = quote {
                if byte == open { quote = nil }
                continue
            }
            switch byte {
            case UInt8(ascii: "'"), UInt8(ascii: "\""): quote = byte
            case UInt8(ascii: "("): depth += 1
            case UInt8(ascii: ")"):
                depth -= 1
                if depth == 0 { return index + 1 }
                if depth < 0 { return nil }
            default: break
            }
        }
        return nil
    }

    /// The operands of AND at the top, the expression itself where there is none.
    var conjuncts: [ParseTree] { Self.operands(of: tree, "AND_EXPR") }

    static func operands(of tree: ParseTree, _ operation: String) -> [ParseTree] {
        let node = tree["BoolExpr"]
        guard node["boolop"].string == operation else { return [tree] }
        return node["args"].items.flatMap { operands(of: $0, operation) }
    }
}
