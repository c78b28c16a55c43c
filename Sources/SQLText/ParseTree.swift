/// A parse tree, read from the grammar's JSON down to a fixed depth.
///
/// Classification needs the top of a tree only; what lies deeper is skipped without recursion, so that no nesting can
/// exhaust the stack. The names of nodes and fields are those of PostgreSQL's `parsenodes.h`.
public indirect enum ParseTree: Sendable, Equatable {
    /// A node, or the fields of one.
    case object([String: ParseTree])
    /// A list.
    case array([ParseTree])
    /// A text or the name of an enumeration's value.
    case text(String)
    /// A whole number.
    case number(Int)
    /// A flag; the grammar leaves out those that are false.
    case bool(Bool)
    /// `null`, or deeper than what was asked for.
    case nothing

    /// Parses a script and reads its whole tree; the statements are under `stmts`.
    ///
    /// - Parameters:
    ///   - script: One or more statements.
    ///   - depth: How many levels of the tree may be there; an operator takes two or three.
    /// - Throws: ``SQLSyntaxError`` when the script does not parse, or its tree is deeper.
    public init(parsing script: String, depth: Int = 240) throws(SQLSyntaxError) {
        let json = try SQLMeaning.parsed(script) { body throws(Grammar.Failure) in try Grammar.parseTree(body) }
        var reader = ParseTreeReader(bytes: Array(json.utf8))
        self = reader.value(depth: depth)
        guard reader.isComplete else {
            throw SQLSyntaxError(.syntax, "the statement is nested too deeply to be read", utf8Offset: 0)
        }
    }

    /// Reads a JSON text.
    ///
    /// - Parameters:
    ///   - json: The parser's output, which is well formed.
    ///   - depth: How many levels are kept.
    init(json: String, depth: Int) {
        var reader = ParseTreeReader(bytes: Array(json.utf8))
        self = reader.value(depth: depth)
    }

    /// The field of an object; ``nothing`` where there is none.
    public subscript(_ key: String) -> ParseTree {
        guard case .object(let fields) = self else { return .nothing }
        return fields[key] ?? .nothing
    }

    /// The items of an array; none for anything else.
    public var items: [ParseTree] {
        guard case .array(let items) = self else { return [] }
        return items
    }
    /// The only field of an object with one field: how the grammar writes a node and its type.
    public var node: (type: String, fields: ParseTree)? {
        guard case .object(let fields) = self, fields.count == 1, let field = fields.first else { return nil }
        return (field.key, field.value)
    }
    /// The text, where this is one.
    public var string: String? {
        guard case .text(let text) = self else { return nil }
        return text
    }
    /// The number, where this is one.
    public var integer: Int? {
        guard case .number(let number) = self else { return nil }
        return number
    }
    /// Whether this is `true`; the grammar leaves out fields that are false.
    public var isTrue: Bool { self == .bool(true) }
    /// Whether there is anything.
    public var exists: Bool { self != .nothing }
}

private struct ParseTreeReader {
    let bytes: [UInt8]
    var place = 0
    /// Nothing was skipped for its depth.
    private(set) var isComplete = true

    init(bytes: [UInt8]) { self.bytes = bytes }

    private var current: UInt8 { place < bytes.count ? bytes[place] : 0 }

    mutating func value(depth: Int) -> ParseTree {
        switch current {
        case UInt8(ascii: "{"): return depth > 0 ? object(depth: depth) : skipped()
        case UInt8(ascii: "["): return depth > 0 ? array(depth: depth) : skipped()
        case UInt8(ascii: "\""): return .text(string())
        default: return scalar()
        }
    }

    private mutating func object(depth: Int) -> ParseTree {
        var fields: [String: ParseTree] = [:]
        place += 1
        while place < bytes.count, current != UInt8(ascii: "}") {
            let key = string()
            place += 1
            fields[key] = value(depth: depth - 1)
            if current == UInt8(ascii: ",") { place += 1 }
        }
        place += 1
        return .object(fields)
    }

    private mutating func array(depth: Int) -> ParseTree {
        var items: [ParseTree] = []
        place += 1
        while place < bytes.count, current != UInt8(ascii: "]") {
            items.append(value(depth: depth - 1))
            if current == UInt8(ascii: ",") { place += 1 }
        }
        place += 1
        return .array(items)
    }

    /// Passes over an object or array of any depth.
    private mutating func skipped() -> ParseTree {
        isComplete = false
        var open = 0
        repeat {
            switch current {
            case UInt8(ascii: "{"), UInt8(ascii: "["): open += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): open -= 1
            case UInt8(ascii: "\""):
                _ = string()
                continue
            default: break
            }
            place += 1
        } while open > 0 && place < bytes.count
        return .nothing
    }

    private mutating func string() -> String {
        var text: [UInt8] = []
        place += 1
        while place < bytes.count, current != UInt8(ascii: "\"") {
            if current == UInt8(ascii: "\\") {
                place += 1
                text.append(contentsOf: escape())
            } else {
                text.append(current)
            }
            place += 1
        }
        place += 1
        return String(decoding: text, as: UTF8.self)
    }

    /// The character of an escape; the parser writes `\u` for control characters alone.
    private mutating func escape() -> [UInt8] {
        switch current {
        case UInt8(ascii: "n"): return [10]
        case UInt8(ascii: "r"): return [13]
        case UInt8(ascii: "t"): return [9]
        case UInt8(ascii: "b"): return [8]
        case UInt8(ascii: "f"): return [12]
        case UInt8(ascii: "u"):
            let digits = String(
                decoding: bytes[min(place + 1, bytes.count)..<min(place + 5, bytes.count)], as: UTF8.self)
            place += 4
            let scalar = UInt32(digits, radix: 16).flatMap { Unicode.Scalar($0) } ?? "\u{FFFD}"
            return Array(String(Character(scalar)).utf8)
        default: return [current]
        }
    }

    private mutating func scalar() -> ParseTree {
        let start = place
        let ends: [UInt8] = [UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]")]
        while place < bytes.count, !ends.contains(current) { place += 1 }
        switch String(decoding: bytes[start..<place], as: UTF8.self) {
        case "true": return .bool(true)
        case "false": return .bool(false)
        case let word: return Int(word).map { .number($0) } ?? .nothing
        }
    }
}
