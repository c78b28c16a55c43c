/// The code of a Swift file alone: comments and the insides of literals are blank, line breaks stay.
///
/// Knows line comments, nested block comments, strings of one and of many lines, raw strings and `#/…/#` patterns. The
/// code inside `\(…)` of a string counts as a literal.
struct SourceCode {
    /// The text without comments and literals.
    private(set) var text = ""
    private var rest: Substring

    init(_ source: String) {
        rest = source[...]
        while let sign = rest.first { step(sign) }
    }

    private mutating func step(_ sign: Character) {
        if rest.hasPrefix("//") { return skip(rest.prefix { $0 != "\n" }) }
        if rest.hasPrefix("/*") { return blockComment() }
        if sign == "\"" || sign == "#", let hashes = literalStart() { return literal(hashes: hashes) }
        text.append(sign)
        rest.removeFirst()
    }

    /// The number of `#` before a literal that begins here; `nil` where none does.
    private func literalStart() -> Int? {
        let hashes = rest.prefix { $0 == "#" }.count
        let after = rest.dropFirst(hashes)
        if after.hasPrefix("\"") { return hashes }
        return hashes > 0 && after.hasPrefix("/") ? hashes : nil
    }

    private mutating func literal(hashes: Int) {
        let fence = String(repeating: "#", count: hashes)
        let after = rest.dropFirst(hashes)
        let quote = after.hasPrefix("\"\"\"") ? "\"\"\"" : String(after.prefix(1))
        skip(rest.prefix(hashes + quote.count))
        while let sign = rest.first {
            if rest.hasPrefix(quote + fence) { return skip(rest.prefix(quote.count + hashes)) }
            if sign == "\n", quote == "\"" { return }
            let isEscape = sign == "\\" && (quote == "/" || rest.dropFirst().hasPrefix(fence))
            skip(rest.prefix(isEscape ? 2 + (quote == "/" ? 0 : hashes) : 1))
        }
    }

    private mutating func blockComment() {
        var depth = 0
        repeat {
            if rest.hasPrefix("/*") {
                depth += 1
                skip(rest.prefix(2))
            } else if rest.hasPrefix("*/") {
                depth -= 1
                skip(rest.prefix(2))
            } else {
                skip(rest.prefix(1))
            }
        } while depth > 0 && !rest.isEmpty
    }

    private mutating func skip(_ part: Substring) {
        for sign in part { text.append(sign == "\n" ? "\n" : " ") }
        rest = rest[part.endIndex...]
    }
}
